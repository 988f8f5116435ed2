package calvin.experiment.plan;

import calvin.experiment.input.Place;
import calvin.experiment.input.Problems;
import calvin.experiment.input.Text;
import calvin.experiment.spec.ExperimentSpec;
import calvin.experiment.spec.NodeClassSpec;
import calvin.experiment.spec.TopologySpec;
import calvin.experiment.spec.WorkSpec;
import calvin.guests.Guest;
import calvin.network.topo.Topology;
import calvin.network.topo.TopologyPort;
import calvin.network.topo.Vertex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides what each node runs, from the entries of the workload that name it. */
final class WorkPlanner {
    private static final long PAGE_2M = 2L << 20;
    private static final long MAX_DEFAULT_GUEST_BYTES = 64L << 20;

    private final ExperimentSpec spec;
    private final Topology topology;
    private final ImageResolver images;
    private final Problems problems;
    private final Map<WorkSpec, List<Integer>> members = new LinkedHashMap<>();
    private final Map<WorkSpec, Integer> firstQpns = new LinkedHashMap<>();

    WorkPlanner(ExperimentSpec spec, Topology topology, ImageResolver images, Problems problems) {
        this.spec = spec;
        this.topology = topology;
        this.images = images;
        this.problems = problems;
        int qpn = JobEnvironment.FIRST_QPN;
        for (WorkSpec work : spec.workload()) {
            members.put(work, members(work));
            if (work.mpi()) {
                firstQpns.put(work, qpn);
                qpn += members.get(work).size();
                checkJob(work);
            }
        }
    }

    private List<Integer> members(WorkSpec work) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < spec.topology().nodes().size(); i++) {
            if (work.nodes().isEmpty()) {
                numbers.add(i);
            }
        }
        for (Text name : work.nodes()) {
            for (int i = 0; i < spec.topology().nodes().size(); i++) {
                if (spec.topology().nodes().get(i).name().value().equals(name.value())) {
                    numbers.add(i);
                }
            }
        }
        return numbers;
    }

    private void checkJob(WorkSpec work) {
        List<Integer> seen = new ArrayList<>();
        for (int node : members.get(work)) {
            String name = spec.topology().nodes().get(node).name().value();
            if (topology.portsOf(Vertex.node(node)).isEmpty()) {
                problems.add(work.name().place(), "the job `" + work.name() + "` has a rank on `" + name
                        + "`, which no link of `topology` reaches");
            }
            if (seen.contains(node)) {
                problems.add(work.name().place(), "the job `" + work.name() + "` names `" + name
                        + "` twice; a job has one rank on each of its nodes");
            }
            seen.add(node);
        }
    }

    Plan.Work work(int number, TopologySpec.NodeSpec node, NodeClassSpec own) {
        List<Plan.Task> tasks = new ArrayList<>();
        List<Plan.Task> guestTasks = new ArrayList<>();
        List<WorkSpec> kernels = new ArrayList<>();
        WorkSpec firstGuest = null;
        for (WorkSpec work : spec.workload()) {
            if (!members.get(work).contains(number)) {
                continue;
            }
            boolean virtual = work.virtualized() == WorkSpec.Virtualized.NESTED;
            if (work.kind() == WorkSpec.Kind.KERNEL) {
                kernels.add(work);
            } else {
                (virtual ? guestTasks : tasks).add(task(work, number, own));
            }
            firstGuest = firstGuest == null && virtual ? work : firstGuest;
        }
        checkKernels(node, own, kernels, guestTasks, tasks);
        if (kernels.size() == 1) {
            WorkSpec kernel = kernels.get(0);
            boolean virtual = kernel.virtualized() == WorkSpec.Virtualized.NESTED;
            String image = images.resolve(kernel.image(), Guest.Kind.SUPERVISOR);
            return new Plan.Work(virtual ? Plan.Work.Kind.KERNEL_IN_VM : Plan.Work.Kind.KERNEL, kernel.name().value(),
                    image,
                    kernel.append(), virtual ? guestBytes(kernel, own) : 0, List.of(),
                    virtual ? List.copyOf(tasks) : List.of());
        }
        if (!guestTasks.isEmpty()) {
            return new Plan.Work(Plan.Work.Kind.LWK_IN_VM, firstGuest.name().value(), "", "",
                    guestBytes(firstGuest, own),
                    List.copyOf(guestTasks), List.copyOf(tasks));
        }
        return new Plan.Work(Plan.Work.Kind.LWK, "", "", "", 0, List.copyOf(tasks), List.of());
    }

    private void checkKernels(TopologySpec.NodeSpec node, NodeClassSpec own, List<WorkSpec> kernels,
            List<Plan.Task> guestTasks,
            List<Plan.Task> tasks) {
        Place place = kernels.isEmpty() ? node.name().place() : kernels.get(0).image().place();
        boolean lwk = own.kernel() == NodeClassSpec.Kernel.LWK;
        boolean nativeKernel = kernels.stream().anyMatch(k -> k.virtualized() == WorkSpec.Virtualized.NONE);
        if (nativeKernel && lwk) {
            problems.add(place, "a kernel image owns the whole node `" + node.name() + "`, but its class `" + own.name()
                    + "` has `kernel: lwk`: give it a class with `kernel: none`, or add `virtualized: nested`");
        }
        if (!lwk && (!nativeKernel || !tasks.isEmpty() || !guestTasks.isEmpty())) {
            problems.add(place,
                    "node `" + node.name() + "` is of class `" + own.name()
                            + "` with `kernel: none`: it runs exactly one entry of"
                            + " `workload`, a `kernel` that is not virtualized; programs need `kernel: lwk`");
        }
        if (kernels.size() > 1 || !kernels.isEmpty() && !guestTasks.isEmpty()) {
            problems.add(place,
                    "node `" + node.name() + "` gets more than one kernel image or virtual machine; it can have one");
        }
    }

    private static long guestBytes(WorkSpec work, NodeClassSpec own) {
        long wanted = work.guestMemoryBytes() != 0
                ? work.guestMemoryBytes()
                : Math.min(MAX_DEFAULT_GUEST_BYTES, own.memoryBytes() / 2);
        return wanted / PAGE_2M * PAGE_2M;
    }

    private Plan.Task task(WorkSpec work, int number, NodeClassSpec own) {
        List<String> arguments = new ArrayList<>();
        arguments.add(work.image().value());
        arguments.addAll(work.args());
        List<String> environment = new ArrayList<>();
        work.env().forEach((key, value) -> environment.add(key + "=" + value));
        if (work.mpi()) {
            List<Integer> nodes = members.get(work);
            List<String> addresses = new ArrayList<>();
            for (int node : nodes) {
                List<TopologyPort> ports = topology.portsOf(Vertex.node(node));
                addresses.add(ports.isEmpty() ? "" : ports.get(0).ipv4Text());
            }
            environment.addAll(JobEnvironment.of(nodes.indexOf(number), addresses, firstQpns.get(work), own.board()));
        }
        return new Plan.Task(work.name().value(), images.resolve(work.image(), Guest.Kind.LINUX_STATIC), arguments,
                environment,
                work.heapBytes(), work.stackBytes(), work.mpi() ? work.name().value() : "",
                work.mpi() ? members.get(work).indexOf(number) : 0);
    }
}
