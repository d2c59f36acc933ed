package org.amacrine.demos;

import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.List;
import org.amacrine.demos.cli.AnimateCommand;
import org.amacrine.demos.cli.ApplyCommand;
import org.amacrine.demos.cli.ArHmmCommand;
import org.amacrine.demos.cli.BackendsCommand;
import org.amacrine.demos.cli.BenchCommand;
import org.amacrine.demos.cli.CamerasCommand;
import org.amacrine.demos.cli.CheckCommand;
import org.amacrine.demos.cli.DemoCommand;
import org.amacrine.demos.cli.DescribeCommand;
import org.amacrine.demos.cli.EpiCommand;
import org.amacrine.demos.cli.FitCommand;
import org.amacrine.demos.cli.ImpulseCommand;
import org.amacrine.demos.cli.LatentCommand;
import org.amacrine.demos.cli.LayersCommand;
import org.amacrine.demos.cli.ParamsCommand;
import org.amacrine.demos.cli.PlotCommand;
import org.amacrine.demos.cli.RunCommand;
import org.amacrine.demos.cli.SinksCommand;
import org.amacrine.demos.cli.SourcesCommand;
import org.amacrine.demos.cli.SpikeTriggeredCommand;
import org.amacrine.demos.cli.VersionCommand;
import org.amacrine.sinks.OutputFiles;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The {@code amacrine} command line. */
@Command(
        name = "amacrine",
        description = "Live neural models on live streams.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:something failed: a file that cannot be read or written, or a stage while it ran; the message names it, and the"
                    + " frame",
            "2:wrong usage: an unknown option, name or parameter, a value that is not allowed, a pipeline that is not valid",
            "130:interrupted with Ctrl-C (143: told to end); everything was stopped and closed"
        })
public final class Amacrine {
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            RunCommand.class,
            CheckCommand.class,
            ApplyCommand.class,
            FitCommand.class,
            ArHmmCommand.class,
            LatentCommand.class,
            EpiCommand.class,
            SpikeTriggeredCommand.class,
            ImpulseCommand.class,
            PlotCommand.class,
            AnimateCommand.class,
            ParamsCommand.class,
            DescribeCommand.class,
            LayersCommand.class,
            SourcesCommand.class,
            CamerasCommand.class,
            SinksCommand.class,
            BackendsCommand.class,
            BenchCommand.class,
            VersionCommand.class);

    private Amacrine() {}

    /** Runs the command line and ends the program with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLineFor(args).execute(args));
    }

    /** The whole command line. */
    public static CommandLine commandLine() {
        CommandLine line = with(COMMANDS);
        line.addSubcommand(new AutoComplete.GenerateCompletion()).addSubcommand(new CommandLine.HelpCommand());
        line.getSubcommands()
                .get("generate-completion")
                .getCommandSpec()
                .usageMessage()
                .hidden(false);
        return configured(line);
    }

    /** What is needed of it for a line: looking at all commands and their options takes half a second. */
    static CommandLine commandLineFor(String... args) {
        List<Class<?>> wanted = COMMANDS.stream()
                .filter(c ->
                        args.length > 0 && c.getAnnotation(Command.class).name().equals(args[0]))
                .toList();
        return wanted.isEmpty() ? commandLine() : configured(with(wanted));
    }

    private static CommandLine with(List<Class<?>> commands) {
        CommandLine line = new CommandLine(new Amacrine());
        commands.forEach(line::addSubcommand);
        return line;
    }

    private static CommandLine configured(CommandLine line) {
        line.setCaseInsensitiveEnumValuesAllowed(true);
        // @FILE is an array here, in values of --set, and never a file of arguments.
        line.setExpandAtFiles(false);
        line.setExecutionStrategy(Amacrine::execute);
        line.setExecutionExceptionHandler(Amacrine::failed);
        line.setParameterExceptionHandler(Amacrine::misused);
        return line;
    }

    private static int execute(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (OutOfMemoryError e) {
            throw new CommandLine.ExecutionException(
                    parsed.commandSpec().commandLine(),
                    "this needs more memory than the " + Runtime.getRuntime().maxMemory() / (1 << 20)
                            + " MB that there are; take fewer or smaller frames, or allow more with"
                            + " AMACRINE_JVM_OPTS=-Xmx8g (" + e.getMessage() + ")");
        }
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult result) {
        boolean usage = e instanceof IllegalArgumentException;
        line.getErr().println("amacrine: " + message(e));
        if (System.getenv("AMACRINE_DEBUG") != null) {
            e.printStackTrace(line.getErr());
        }
        return usage ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    private static String message(Exception e) {
        if (e instanceof FileSystemException refused && refused.getFile() != null) {
            String reason = OutputFiles.reason(refused);
            return "cannot use " + refused.getFile() + ": "
                    + (reason == null ? e.getClass().getSimpleName() : reason);
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static int misused(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println("amacrine: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }
}
