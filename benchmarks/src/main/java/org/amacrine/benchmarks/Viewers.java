package org.amacrine.benchmarks;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Thirty viewers of a dashboard in a process of their own, as they are in a laboratory; on this machine it takes what time the
 * program leaves ({@code nice -n 19}), as if it were another machine.
 */
final class Viewers implements AutoCloseable {
    static final int GOOD = 20;
    static final int SLOW = 5;
    static final int STALLED = 5;
    static final int SLOW_BYTES_PER_SECOND = 10_000;
    /** Images per second that each wants of each signal. */
    static final int RATE = 30;

    static final String[] WATCHED = {"retina.bipolar", "retina.ganglion_spikes_ON"};

    private static final Path NICE = Path.of("/usr/bin/nice");

    private final Process process;
    private final BufferedReader answers;

    /**
     * Starts the process and returns when all viewers are connected.
     *
     * @param throttled whether some of them read slowly or not at all
     */
    Viewers(URI address, boolean throttled) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(NICE)) {
            command.addAll(List.of(NICE.toString(), "-n", "19"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Viewers.class.getName(),
                address.toString(),
                Boolean.toString(throttled)));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        answer();
    }

    /** Images that the good viewers have got so far. */
    long images() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return answer();
    }

    private long answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new EOFException("the process of the viewers has ended; it says why above");
        }
        return Long.parseLong(line);
    }

    /** Ends the process, and with it all connections. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    /** The process: connects all viewers to the address given, throttled or not, and tells their images now and at each line of its input. */
    public static void main(String[] arguments) throws IOException {
        URI address = URI.create(arguments[0]);
        boolean throttled = Boolean.parseBoolean(arguments[1]);
        List<Viewer> viewers = new ArrayList<>();
        for (int i = 0; i < GOOD + SLOW + STALLED; i++) {
            int pace = i < GOOD || !throttled ? Viewer.UNLIMITED : i < GOOD + SLOW ? SLOW_BYTES_PER_SECOND : 0;
            viewers.add(Viewer.ofImages(address, pace, RATE, (frame, age, nanos) -> {}, WATCHED));
            viewers.add(Viewer.ofMetrics(address, pace));
        }
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        do {
            System.out.println(viewers.stream().mapToLong(Viewer::messages).sum());
        } while (questions.readLine() != null);
    }
}
