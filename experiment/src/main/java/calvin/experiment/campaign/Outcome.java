package calvin.experiment.campaign;

/** What a fault did. */
enum Outcome {
    // @formatter:off
    MASKED    ("no visible effect"),
    DELAYED   ("the same output but for measured times"),
    DETECTED  ("a program noticed and said so by its exit code"),
    SDC       ("silent corruption: exit code 0 and another output"),
    CRASH     ("a signal, a panic or a failed virtual machine"),
    HANG      ("did not end in time"),
    NOT_FIRED ("the place was never reached"),
    TOOL_ERROR("Calvin failed: see the detail");
    // @formatter:on

    private final String meaning;

    Outcome(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }
}
