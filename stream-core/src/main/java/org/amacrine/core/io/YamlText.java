package org.amacrine.core.io;

import java.io.IOException;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads YAML, and JSON, which is YAML, from files of anybody: what is no YAML, contains itself, grows through its aliases, is
 * nested too deeply or longer than 3 million characters is an error that says so.
 */
public final class YamlText {
    private static final int MOST_CHARACTERS = 3 << 20;
    /** By how many values aliases may make a text larger than its letters could. */
    private static final int MOST_GROWTH = 10_000;

    /** Aliases are not counted but followed, by {@link Size}: few are enough to grow without bounds. */
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(MOST_CHARACTERS)
            .setMaxAliasesForCollections(Integer.MAX_VALUE)
            .build();

    private YamlText() {}

    /**
     * The tree of a text, with lines; empty when there is nothing in it.
     *
     * @param what where the text is from, for messages
     * @throws IOException that says what is wrong with it, and where
     */
    public static Optional<Node> nodes(String text, String what) throws IOException {
        if (text.length() > MOST_CHARACTERS) {
            throw new IOException(what + " has " + text.length() + " characters, but YAML of at most " + MOST_CHARACTERS
                    + " is read; keep large arrays in .npz files");
        }
        try {
            Optional<Node> root = new Compose(SETTINGS).composeString(text);
            if (root.isPresent()) {
                new Size(what, text.length() + MOST_GROWTH).count(root.get());
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw new IOException(what + ", line " + line + ": " + e.getProblem() + "; this is not YAML", e);
        } catch (YamlEngineException e) {
            throw new IOException(what + " is not YAML: " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw new IOException(what + " is nested too deeply; write it with fewer brackets in brackets", e);
        }
    }

    /**
     * The maps, lists, words and numbers of a text; null when there is nothing in it.
     *
     * @param what where the text is from, for messages
     * @throws IOException that says what is wrong with it, and where
     */
    public static Object values(String text, String what) throws IOException {
        Optional<Node> root = nodes(text, what);
        try {
            return new StandardConstructor(SETTINGS).constructSingleDocument(root);
        } catch (YamlEngineException e) {
            throw new IOException(what + " is not YAML: " + e.getMessage(), e);
        }
    }

    /** Line of a node, from 1. */
    public static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    /** Counts the values that a text stands for when all aliases are written out, up to a limit. */
    private static final class Size {
        private final String what;
        private final int most;
        private int values;

        private Size(String what, int most) {
            this.what = what;
            this.most = most;
        }

        private void count(Node node) throws IOException {
            if (node.isRecursive()) {
                throw new IOException(
                        what + ", line " + line(node) + ": contains itself; put the alias outside of what it names");
            }
            if (++values > most) {
                throw new IOException(what + ", line " + line(node) + ": aliases make more than " + most
                        + " values of so short a text; write out what they stand for");
            }
            if (node instanceof SequenceNode list) {
                for (Node each : list.getValue()) {
                    count(each);
                }
            } else if (node instanceof MappingNode map) {
                for (NodeTuple each : map.getValue()) {
                    // Keys are words: lists and maps as keys are refused by the library.
                    count(each.getValueNode());
                }
            }
        }
    }
}
