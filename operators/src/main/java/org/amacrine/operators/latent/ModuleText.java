package org.amacrine.operators.latent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Modules as text, for files and the command line: a type, and in parentheses settings and the modules it is made of.
 *
 * <pre>
 *   LinearMap(bias=true, d_in=[2, 3], d_out=[4])
 *   MapChain(GroupLinearTransform(d=[2]), NNMap(Chain(Linear(in=2, out=5), Tanh, Linear(in=5, out=3)), d_out=[3]))
 * </pre>
 */
public final class ModuleText {
    private static final int DEEPEST = 50;
    private static final String EXAMPLE = "; for example LinearMap(d_in=[2, 3], d_out=[4], bias=true)";

    private final String text;
    private int at;
    private int depth;

    private ModuleText(String text) {
        this.text = text;
    }

    /** The text of a module: its modules in order, then its settings by name. */
    public static String of(ModuleStructure structure) {
        List<String> inner = new ArrayList<>();
        structure.children().forEach(child -> inner.add(of(child)));
        new TreeMap<>(structure.settings()).forEach((name, value) -> inner.add(name + "=" + value));
        return inner.isEmpty()
                ? structure.type()
                : inner.stream().collect(Collectors.joining(", ", structure.type() + "(", ")"));
    }

    /**
     * Reads a text; whether there are such modules and settings is not looked at.
     *
     * @throws IllegalArgumentException when it is none, saying where
     */
    public static ModuleStructure parse(String text) {
        ModuleText reader = new ModuleText(Given.require(text, "text"));
        ModuleStructure structure = reader.module(reader.word());
        if (reader.at < text.length()) {
            throw reader.error("nothing more");
        }
        return structure;
    }

    private ModuleStructure module(String type) {
        Map<String, Object> settings = new TreeMap<>();
        List<ModuleStructure> children = new ArrayList<>();
        enter();
        if (take('(')) {
            while (!take(')')) {
                if (!(settings.isEmpty() && children.isEmpty())) {
                    expect(',', "\",\" or \")\"");
                }
                String word = word();
                if (!take('=')) {
                    children.add(module(word));
                } else if (settings.put(word, value()) != null) {
                    throw new IllegalArgumentException(type + " has the setting " + word + " twice; give it once");
                }
            }
        }
        depth--;
        return new ModuleStructure(type, settings, children);
    }

    /** A number, true, false, or a list of values. */
    private Object value() {
        if (take('[')) {
            enter();
            List<Object> list = new ArrayList<>();
            while (!take(']')) {
                if (!list.isEmpty()) {
                    expect(',', "\",\" or \"]\"");
                }
                list.add(value());
            }
            depth--;
            return List.copyOf(list);
        }
        int from = at;
        while (at < text.length() && ",)] \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at);
        skipBlanks();
        if (word.equals("true") || word.equals("false")) {
            return Boolean.valueOf(word);
        }
        try {
            return word.matches("[+-]?\\d{1,9}") ? (Object) Integer.valueOf(word) : (Object) Double.valueOf(word);
        } catch (NumberFormatException e) {
            at = from;
            throw error("a number, true, false or a list in []");
        }
    }

    private void enter() {
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException("modules are nested more than " + DEEPEST + " deep");
        }
    }

    private String word() {
        skipBlanks();
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (at == from) {
            throw error("a name");
        }
        String word = text.substring(from, at);
        skipBlanks();
        return word;
    }

    private boolean take(char wanted) {
        skipBlanks();
        boolean there = at < text.length() && text.charAt(at) == wanted;
        if (there) {
            at++;
            skipBlanks();
        }
        return there;
    }

    private void expect(char wanted, String words) {
        if (!take(wanted)) {
            throw error(words);
        }
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException error(String expected) {
        String found =
                at < text.length() ? "\"" + text.substring(at, Math.min(text.length(), at + 20)) + "\"" : "its end";
        return new IllegalArgumentException("\"" + text + "\" is no module: expected " + expected + " after " + at
                + " characters but found " + found + EXAMPLE);
    }
}
