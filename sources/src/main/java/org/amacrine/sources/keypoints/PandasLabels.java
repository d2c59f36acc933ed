package org.amacrine.sources.keypoints;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the labels of columns that pandas leaves in an HDF5 file: a list of tuples of words, in the text form of Python's
 * pickle (protocol 0). Understands lists, tuples and words, and executes nothing.
 *
 * <pre>
 *   (lp0          [ mark, list ]      remember it as 0
 *   (Vnose\np1    [ mark, word ]      remember it as 1
 *   g1            the word remembered as 1
 *   tp2           everything since the mark as a tuple
 *   a             append to the list below
 * </pre>
 */
final class PandasLabels {
    private static final Object MARK = new Object();

    private final String text;
    private final List<Object> stack = new ArrayList<>();
    private final Map<String, Object> remembered = new HashMap<>();
    private int at;

    private PandasLabels(String text) {
        this.text = text;
    }

    /** The labels of each column, from the outermost to the innermost; throws {@link IOException} when it is anything else. */
    static List<List<String>> read(String pickled) throws IOException {
        Object value;
        try {
            value = new PandasLabels(pickled).value();
        } catch (IndexOutOfBoundsException | ClassCastException e) {
            throw unreadable(pickled, e);
        }
        List<List<String>> labels = new ArrayList<>();
        if (value instanceof List<?> columns) {
            for (Object column : columns) {
                if (!(column instanceof List<?> words) || !words.stream().allMatch(String.class::isInstance)) {
                    throw unreadable(pickled, null);
                }
                labels.add(words.stream().map(String.class::cast).toList());
            }
        }
        return labels;
    }

    private static IOException unreadable(String pickled, Exception cause) {
        String begin = pickled.substring(0, Math.min(60, pickled.length()));
        return new IOException(
                "cannot read the names of the columns, which begin with \"" + begin.replace("\n", "\\n")
                        + "\"; save the table as CSV",
                cause);
    }

    private Object value() throws IOException {
        while (true) {
            char code = text.charAt(at++);
            switch (code) {
                case '(' -> stack.add(MARK);
                case 'l', 't' -> stack.add(sinceMark());
                case 'V' -> stack.add(line());
                case 'p' -> remembered.put(line(), top());
                case 'g' -> stack.add(remembered.get(line()));
                case 'a' -> append();
                case '.' -> {
                    return top();
                }
                default -> throw unreadable(text, null);
            }
        }
    }

    private Object top() {
        return stack.get(stack.size() - 1);
    }

    private String line() {
        int end = text.indexOf('\n', at);
        String line = text.substring(at, end);
        at = end + 1;
        return line;
    }

    private List<Object> sinceMark() {
        int mark = stack.lastIndexOf(MARK);
        List<Object> above = stack.subList(mark + 1, stack.size());
        List<Object> values = new ArrayList<>(above);
        above.clear();
        stack.remove(mark);
        return values;
    }

    private void append() {
        Object value = stack.remove(stack.size() - 1);
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) top();
        list.add(value);
    }
}
