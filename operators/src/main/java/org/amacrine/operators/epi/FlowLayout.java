package org.amacrine.operators.epi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Names;

/** Where each named parameter of a flow lies in the flat vector theta. */
public final class FlowLayout {

    /**
     * One named parameter.
     *
     * @param name for example {@code stage0.W1}
     * @param shape its extents; values are in C order
     * @param at index of its first value in theta
     * @param trainable whether gradients reach it; moving averages are not trained
     */
    public record Entry(String name, int[] shape, int at, boolean trainable) {
        /** Number of values. */
        public int size() {
            return NdArray.count(shape);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private int size;

    FlowLayout() {}

    /** Appends a parameter and returns where it begins. */
    int add(String name, boolean trainable, int... shape) {
        Entry entry = new Entry(name, shape, size, trainable);
        entries.add(entry);
        size += entry.size();
        return entry.at();
    }

    /** Number of values of theta. */
    public int size() {
        return size;
    }

    /** All parameters, in their order. */
    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    /** The parameter of that name; throws {@link IllegalArgumentException} with a suggestion when there is none. */
    public Entry entry(String name) {
        for (Entry entry : entries) {
            if (entry.name().equals(name)) {
                return entry;
            }
        }
        List<String> names = entries.stream().map(Entry::name).toList();
        throw new IllegalArgumentException("no parameter \"" + name + "\" in this flow" + Names.suggest(name, names));
    }
}
