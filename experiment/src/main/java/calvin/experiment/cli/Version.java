package calvin.experiment.cli;

import picocli.CommandLine.IVersionProvider;

/** The version, from the jar's manifest where there is one. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[]{"calvin " + text(), "Java " + System.getProperty("java.version")};
    }

    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
