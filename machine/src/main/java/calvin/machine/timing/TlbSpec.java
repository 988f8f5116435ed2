package calvin.machine.timing;

/**
 * Translation caches of one hart's core.
 *
 * @param firstEntries     entries of each first-level TLB (instruction, data), fully associative, any page size
 * @param secondEntries    entries of the unified second level for 4 KiB pages and for 2 MiB pages, each
 * @param secondWays       associativity of the second level
 * @param gigaEntries      entries of the second level for pages of 1 GiB and more, fully associative
 * @param secondCycles     cost of a hit in the second level
 * @param pointerEntries   page-walk cache: entries that hold pointers to tables, of either stage
 * @param guestEntries     nested TLB: guest pages whose host page is known, which shortens two-dimensional walks
 */
public record TlbSpec(int firstEntries, int secondEntries, int secondWays, int gigaEntries, int secondCycles,
        int pointerEntries, int guestEntries) {}
