package org.amacrine.core.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;

/**
 * Everything of a layer that lives between chunks, under dotted names: copied out, set, cleared, kept on a stack, saved and
 * loaded. With the parameters and the seed it determines all that follows.
 *
 * <p>Owned by the operator's thread. There are no states before the layer is prepared.
 */
public final class StateTree {

    private record State(Supplier<NdArray> reader, Consumer<NdArray> writer) {}

    private final String owner;
    private final Map<String, State> byName = new LinkedHashMap<>();
    private final List<Runnable> clearers = new ArrayList<>();
    private final Deque<Map<String, NdArray>> stack = new ArrayDeque<>();
    private final Map<String, Map<String, NdArray>> stored = new LinkedHashMap<>();

    /**
     * An empty tree.
     *
     * @param owner what the states belong to, for messages
     */
    public StateTree(String owner) {
        this.owner = owner;
    }

    /** Forgets all states: the layer is about to be prepared anew. */
    public void removeAll() {
        byName.clear();
        clearers.clear();
        stack.clear();
        stored.clear();
    }

    /** Adds an array of the layer as it is; setting copies into it. */
    public void add(String name, float[] live, int... shape) {
        if (NdArray.count(shape) != live.length) {
            throw new IllegalArgumentException(
                    "state " + name + " of shape " + NdArray.text(shape) + " has " + live.length + " values");
        }
        add(name, () -> NdArray.of(live.clone(), shape.clone()), array -> {
            requireSize(array, shape);
            System.arraycopy(array.floats(), 0, live, 0, live.length);
        });
    }

    /** Adds an array of the layer as it is, in double precision; setting copies into it. */
    public void add(String name, double[] live, int... shape) {
        if (NdArray.count(shape) != live.length) {
            throw new IllegalArgumentException(
                    "state " + name + " of shape " + NdArray.text(shape) + " has " + live.length + " values");
        }
        add(name, () -> new NdArray(shape.clone(), live.clone()), array -> {
            requireSize(array, shape);
            System.arraycopy(array.doubles(), 0, live, 0, live.length);
        });
    }

    /**
     * Adds a state that the layer gives and takes as an array in double precision.
     *
     * @param reader gives a copy of as many values as the shape has
     * @param writer takes such a copy over
     */
    public void add(String name, Supplier<double[]> reader, Consumer<double[]> writer, int... shape) {
        add(name, () -> new NdArray(shape.clone(), reader.get()), array -> {
            requireSize(array, shape);
            writer.accept(array.doubles());
        });
    }

    private static void requireSize(NdArray array, int... shape) {
        if (array.size() != NdArray.count(shape)) {
            throw new IllegalArgumentException(
                    "needs the shape " + NdArray.text(shape) + " but was given " + NdArray.text(array.shape()));
        }
    }

    /**
     * Adds a state that the layer keeps in a form of its own.
     *
     * @param reader gives a copy
     * @param writer takes one over; throws {@link IllegalArgumentException} when it does not fit
     */
    public void add(String name, Supplier<NdArray> reader, Consumer<NdArray> writer) {
        if (byName.putIfAbsent(name, new State(reader, writer)) != null) {
            throw new IllegalStateException("two states are called " + name + " in " + owner);
        }
    }

    /** Adds what brings the layer's states back to their beginning. */
    public void onClear(Runnable action) {
        clearers.add(action);
    }

    /** Adds all states of a part under {@code prefix}. */
    public void mount(String prefix, StateTree part) {
        for (Map.Entry<String, State> entry : part.byName.entrySet()) {
            State state = entry.getValue();
            add(prefix + "." + entry.getKey(), state.reader, state.writer);
        }
        clearers.addAll(part.clearers);
    }

    /** The names of all states, in a fixed order. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** A copy of one state. */
    public NdArray get(String name) {
        return state(name).reader.get();
    }

    /** Sets one state; one number sets all its values. Throws {@link IllegalArgumentException} when it does not fit. */
    public void set(String name, NdArray value) {
        State state = state(name);
        NdArray fitting = value;
        if (value.size() == 1) {
            NdArray present = state.reader.get();
            if (present.size() != 1) {
                float[] filled = new float[present.size()];
                java.util.Arrays.fill(filled, (float) value.at(0));
                fitting = NdArray.of(filled, present.shape());
            }
        }
        try {
            state.writer.accept(fitting);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("state " + name + " of " + owner + " " + e.getMessage(), e);
        }
    }

    private State state(String name) {
        State state = byName.get(name);
        if (state == null) {
            throw new IllegalArgumentException("no state \"" + name + "\"" + Names.suggest(name, byName.keySet()) + "; "
                    + owner + " has " + (byName.isEmpty() ? "none before it is prepared" : names()));
        }
        return state;
    }

    /** Copies of all states by name. */
    public Map<String, NdArray> values() {
        Map<String, NdArray> values = new LinkedHashMap<>();
        byName.forEach((name, state) -> values.put(name, state.reader.get()));
        return values;
    }

    /** Sets all states; throws {@link IllegalArgumentException} when one is missing, unknown or does not fit. */
    public void set(Map<String, NdArray> values) {
        values.keySet().forEach(this::state);
        for (String name : byName.keySet()) {
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException(
                        "state " + name + " of " + owner + " is missing; a whole set is needed: " + names());
            }
        }
        values.forEach(this::set);
    }

    /** Back to the beginning. */
    public void clear() {
        clearers.forEach(Runnable::run);
    }

    /** Keeps a copy of all states on a stack. */
    public void push() {
        stack.push(values());
    }

    /** Takes the copy kept last from the stack and sets it. */
    public void pop() {
        if (stack.isEmpty()) {
            throw new IllegalStateException("pop without push; push the states of " + owner + " first");
        }
        set(stack.pop());
    }

    /** Keeps a copy of all states under a name; one that was kept under it before is forgotten. */
    public void store(String name) {
        stored.put(name, values());
    }

    /** Sets the copy kept under a name, any number of times; throws {@link IllegalArgumentException} when there is none. */
    public void retrieve(String name) {
        Map<String, NdArray> kept = stored.get(name);
        if (kept == null) {
            throw new IllegalArgumentException("no states of " + owner + " are stored as \"" + name + "\""
                    + Names.suggest(name, stored.keySet()) + "; stored are " + stored.keySet());
        }
        set(kept);
    }

    /** Saves all states as {@code .npz}. */
    public void save(Path file) throws IOException {
        Npz.write(file, values());
    }

    /** Loads what {@link #save} wrote. */
    public void load(Path file) throws IOException {
        set(Npz.read(file));
    }
}
