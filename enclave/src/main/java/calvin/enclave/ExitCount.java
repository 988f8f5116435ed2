package calvin.enclave;

import calvin.hypervisor.exit.ExitReason;

/**
 * The hypervisor's telemetry of one exit reason.
 *
 * @param count  exits
 * @param cycles spent on handling them, all together
 */
public record ExitCount(ExitReason reason, long count, long cycles) {}
