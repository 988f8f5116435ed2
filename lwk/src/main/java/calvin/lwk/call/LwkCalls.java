package calvin.lwk.call;

import static calvin.lwk.abi.Errno.EFAULT;
import static calvin.lwk.abi.Errno.EINVAL;
import static calvin.lwk.abi.Errno.ENOENT;
import static calvin.lwk.abi.Errno.ESRCH;

import calvin.lwk.drv.Console;
import calvin.lwk.mm.Aspace;
import calvin.lwk.mm.UserMemory;
import calvin.lwk.state.AspaceStruct;
import calvin.lwk.state.HartStruct;
import calvin.lwk.state.KernelState;
import calvin.lwk.state.PmemStruct;
import calvin.lwk.state.RegionStruct;
import calvin.lwk.state.TaskStruct;
import calvin.lwk.task.Tasks;
import calvin.machine.hosted.HartPort;
import calvin.sim.state.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Kitten's own calls, those that mean something while user space makes no address spaces of its own. Errors are
 * Kitten's.
 *
 * <p>{@code struct pmem_region} as C lays it out: 0 start, 8 end, 16 type_is_set, 20 type, 24 numa_node_is_set, 28
 * numa_node, 32 allocated_is_set, 33 allocated, 34 name_is_set, 35 name[32], 72 bytes in all.
 */
final class LwkCalls {
    private static final int PMEM_BYTES = 72;
    /** ANY_ID and MY_ID. */
    private static final int MY_ID = -1;
    /** IMAFDC as in AT_HWCAP. */
    private static final int HWCAP = 0x112D;

    private LwkCalls() {}

    static long pmemQuery(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        byte[] bytes = new byte[PMEM_BYTES];
        if (!port.copyFromUser(port.x(10), bytes, 0, PMEM_BYTES)) {
            return -EFAULT;
        }
        ByteBuffer query = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long at = KernelState.PMEM.get(memory, HartStruct.ROOT.get(memory, hartAt));
        for (int i = 0; at != 0 && i < KernelState.LIST_BOUND; i++) {
            if (matches(memory, at, query)) {
                return port.x(11) == 0 || port.copyToUser(port.x(11), region(memory, at, query), 0, PMEM_BYTES)
                        ? 0
                        : -EFAULT;
            }
            at = PmemStruct.NEXT.get(memory, at);
        }
        return -ENOENT;
    }

    /** Query by example: the range must meet the query's and every attribute that is set must be equal. */
    private static boolean matches(Memory memory, long at, ByteBuffer query) {
        return PmemStruct.START.get(memory, at) < query.getLong(8) && PmemStruct.END.get(memory, at) > query.getLong(0)
                && (query.get(16) == 0 || query.getInt(20) == PmemStruct.TYPE.get(memory, at))
                && (query.get(24) == 0 || query.getInt(28) == PmemStruct.NUMA.get(memory, at))
                && (query.get(32) == 0 || query.get(33) == PmemStruct.ALLOCATED.get(memory, at));
    }

    /** The part of the range that the query asks about. */
    private static byte[] region(Memory memory, long at, ByteBuffer query) {
        ByteBuffer result = ByteBuffer.allocate(PMEM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        result.putLong(0, Math.max(query.getLong(0), PmemStruct.START.get(memory, at)));
        result.putLong(8, Math.min(query.getLong(8), PmemStruct.END.get(memory, at)));
        result.put(16, (byte) 1).putInt(20, (int) PmemStruct.TYPE.get(memory, at));
        result.put(24, (byte) 1).putInt(28, (int) PmemStruct.NUMA.get(memory, at));
        result.put(32, (byte) 1).put(33, (byte) PmemStruct.ALLOCATED.get(memory, at));
        return result.array();
    }

    static long aspaceGetMyid(HartPort port, long hartAt, long taskAt) {
        long id = IdentityCalls.getpid(port, hartAt, taskAt);
        return UserMemory.put(port, port.x(10), 4, id) ? 0 : -EFAULT;
    }

    /** The address space that an id of a call names, or 0. */
    private static long aspace(HartPort port, long hartAt, long taskAt, long id) {
        Memory memory = port.physical();
        return (int) id == MY_ID
                ? TaskStruct.ASPACE.get(memory, taskAt)
                : Aspace.find(memory, HartStruct.ROOT.get(memory, hartAt), id);
    }

    static long virtToPhys(HartPort port, long hartAt, long taskAt) {
        long aspace = aspace(port, hartAt, taskAt, port.x(10));
        if (aspace == 0) {
            return -EINVAL;
        }
        long pa = Aspace.virtToPhys(port.physical(), aspace, port.x(11));
        return pa < 0 ? pa : UserMemory.put64(port, port.x(12), pa) ? 0 : -EFAULT;
    }

    static long dumpToConsole(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        long aspace = aspace(port, hartAt, taskAt, port.x(10));
        if (aspace == 0) {
            return -EINVAL;
        }
        Console.log(port, kernel, Console.INFO, "aspace " + AspaceStruct.ID.get(memory, aspace) + ":");
        long region = AspaceStruct.REGIONS.get(memory, aspace);
        for (int i = 0; region != 0 && i < KernelState.LIST_BOUND; i++) {
            byte[] name = new byte[RegionStruct.NAME_BYTES];
            RegionStruct.NAME.get(memory, region, name);
            long flags = RegionStruct.FLAGS.get(memory, region);
            Console.log(port, kernel, Console.INFO,
                    String.format(Locale.ROOT, "  [%#x, %#x) %s%s%s pages of %d KiB, pa %#x %s",
                            RegionStruct.START.get(memory, region), RegionStruct.END.get(memory, region),
                            (flags & RegionStruct.READ) != 0 ? "r" : "-", (flags & RegionStruct.WRITE) != 0 ? "w" : "-",
                            (flags & RegionStruct.EXEC) != 0 ? "x" : "-", RegionStruct.PAGE.get(memory, region) >> 10,
                            RegionStruct.PMEM.get(memory, region), Console.text(name)));
            region = RegionStruct.NEXT.get(memory, region);
        }
        return 0;
    }

    static long elfHwcap(HartPort port, long hartAt, long taskAt) {
        return UserMemory.put(port, port.x(10), 4, HWCAP) ? 0 : -EFAULT;
    }

    static long getcpu(HartPort port, long hartAt, long taskAt) {
        return HartStruct.INDEX.get(port.physical(), hartAt);
    }

    static long taskMeas(HartPort port, long hartAt, long taskAt) {
        Memory memory = port.physical();
        long kernel = HartStruct.ROOT.get(memory, hartAt);
        long target = (int) port.x(10) == MY_ID ? taskAt : Tasks.find(memory, kernel, port.x(10));
        if (target == 0) {
            return -ESRCH;
        }
        long ticks = target == taskAt ? TimeCalls.runTicks(port, target) : TaskStruct.RUN_TICKS.get(memory, target);
        long hz = Clock.hz(memory, kernel);
        long ns = Clock.seconds(ticks, hz) * Clock.NS_PER_S + Clock.nanoseconds(ticks, hz);
        boolean good = UserMemory.put64(port, port.x(11), ns)
                && (port.x(12) == 0 || UserMemory.put64(port, port.x(12), 0));
        return good ? 0 : -EFAULT;
    }

    static long getRank(HartPort port, long hartAt, long taskAt) {
        return UserMemory.put(port, port.x(10), 4, TaskStruct.RANK.get(port.physical(), taskAt)) ? 0 : -EFAULT;
    }

    static long setRank(HartPort port, long hartAt, long taskAt) {
        TaskStruct.RANK.set(port.physical(), taskAt, port.x(10) & 0xFFFF_FFFFL);
        return 0;
    }
}
