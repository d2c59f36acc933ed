package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.amacrine.demos.Amacrine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code amacrine version}: of the program, of Java, and of the machine. */
@Command(
        name = "version",
        description = "Tells the version of the program and of Java.",
        mixinStandardHelpOptions = true)
public final class VersionCommand implements Callable<Integer>, CommandLine.IVersionProvider {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        for (String line : getVersion()) {
            spec.commandLine().getOut().println(line);
        }
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Amacrine.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        }
        return new String[] {
            "amacrine " + properties.getProperty("version"),
            "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
            System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                    + Runtime.getRuntime().availableProcessors() + " processors"
        };
    }
}
