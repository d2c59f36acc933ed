package org.amacrine.demos.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.amacrine.sources.camera.Cameras;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code amacrine cameras}: the cameras of this computer, and what they can do. */
@Command(
        name = "cameras",
        description = "Lists the cameras of this computer with their modes.",
        mixinStandardHelpOptions = true)
public final class CamerasCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        print(Cameras.list(), spec.commandLine().getOut());
        return CommandLine.ExitCode.OK;
    }

    static void print(List<Cameras.Device> cameras, PrintWriter out) {
        if (cameras.isEmpty()) {
            out.println("There are no cameras here.");
            out.println(Cameras.whatToDo());
            out.println("Without one: ./amacrine demo camera --simulated");
        }
        for (Cameras.Device camera : cameras) {
            out.printf("%-4s %s (%s)%n", camera.device(), camera.name(), camera.file());
            camera.modes().forEach(mode -> out.println("       " + mode));
            if (!camera.note().isEmpty()) {
                out.println("       " + camera.note());
            }
        }
        out.flush();
    }
}
