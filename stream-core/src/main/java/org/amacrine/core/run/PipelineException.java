package org.amacrine.core.run;

import java.util.Comparator;
import java.util.List;

/** Everything that is wrong with a pipeline, at once. */
public final class PipelineException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final transient List<Problem> problems;

    /**
     * One thing that is wrong.
     *
     * @param path where in the pipeline, for example {@code layers[0].parameters.bipolar.leakHertz}
     * @param line line of the file, from 1; 0 when the pipeline was not read from a file
     * @param message what is wrong and what to do
     */
    public record Problem(String path, int line, String message) {
        @Override
        public String toString() {
            return (line > 0 ? "line " + line + ", " : "") + path + ": " + message;
        }
    }

    PipelineException(String what, List<Problem> problems) {
        super(text(what, problems));
        this.problems = sorted(problems);
    }

    private static List<Problem> sorted(List<Problem> problems) {
        return problems.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
    }

    private static String text(String what, List<Problem> problems) {
        StringBuilder text = new StringBuilder(
                what + " has " + problems.size() + (problems.size() == 1 ? " problem:" : " problems:"));
        sorted(problems).forEach(problem -> text.append("\n  ").append(problem));
        return text.toString();
    }

    /** The problems, by line. */
    public List<Problem> problems() {
        return problems;
    }
}
