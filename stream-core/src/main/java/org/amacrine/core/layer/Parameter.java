package org.amacrine.core.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.amacrine.core.io.NdArray;

/**
 * One named quantity that a person may set: a number, a field (one number, or one for each pixel), an array (a kernel) or
 * a word. It knows its unit, its meaning, its default and what is allowed.
 *
 * <p>Values are immutable and replaced whole. Set by the thread that owns the layer; read by any.
 */
public final class Parameter {

    /** What kind of value a parameter holds. */
    public enum Kind {
        /** One number. */
        NUMBER,
        /** One number for all pixels, or a map {@code [rows][columns]} with one for each. */
        FIELD,
        /** An array of numbers of any shape, such as a kernel. */
        ARRAY,
        /** A word, or several separated by commas. */
        TEXT
    }

    private final String name;
    private final Kind kind;
    private final Object defaultValue;
    private final List<String> aliases = new ArrayList<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private final List<Parameter> derived = new ArrayList<>();
    private String unit = "";
    private String doc = "";
    private double min = Double.NEGATIVE_INFINITY;
    private double max = Double.POSITIVE_INFINITY;
    private boolean minIsOutside;
    private boolean whole;
    private boolean required;
    private boolean severalWords;
    private boolean doublePrecision;
    private boolean trainable;
    private boolean frozen;
    private boolean keepsGradient;
    private double[] gradient;
    private List<String> choices = List.of();
    private UnaryOperator<Object> check = UnaryOperator.identity();
    private volatile Object value;
    private volatile boolean overridden;

    private Parameter(String name, Kind kind, Object defaultValue) {
        this.name = name;
        this.kind = kind;
        this.defaultValue = defaultValue;
        this.value = defaultValue;
    }

    /** One number. */
    public static Parameter number(String name, double defaultValue) {
        return new Parameter(name, Kind.NUMBER, defaultValue);
    }

    /** One whole number. */
    public static Parameter integer(String name, long defaultValue) {
        Parameter parameter = new Parameter(name, Kind.NUMBER, (double) defaultValue);
        parameter.whole = true;
        return parameter;
    }

    /** One number for all pixels, or a map {@code [rows][columns]}; kept as {@code float32}. */
    public static Parameter field(String name, double defaultValue) {
        return new Parameter(name, Kind.FIELD, NdArray.of(new float[] {(float) defaultValue}));
    }

    /** An array that the layer derives from other parameters until somebody sets it; kept as {@code float32}. */
    public static Parameter array(String name) {
        return new Parameter(name, Kind.ARRAY, null);
    }

    /** A word; null as the default means: none given. */
    public static Parameter text(String name, String defaultValue) {
        return new Parameter(name, Kind.TEXT, defaultValue);
    }

    /** A switch, {@code true} or {@code false}. */
    public static Parameter flag(String name, boolean defaultValue) {
        return new Parameter(name, Kind.TEXT, Boolean.toString(defaultValue)).choices("true", "false");
    }

    /** Sets the unit, for example {@code s} or {@code Hz}. */
    public Parameter unit(String text) {
        unit = text;
        return this;
    }

    /** Sets the one-line description. */
    public Parameter doc(String text) {
        doc = text;
        return this;
    }

    /** Adds names under which the reference knows this quantity; they can be used to set and find it. */
    public Parameter alias(String... names) {
        aliases.addAll(Arrays.asList(names));
        return this;
    }

    /** Values must be {@code >= bound}. */
    public Parameter atLeast(double bound) {
        min = bound;
        minIsOutside = false;
        return this;
    }

    /** Values must be {@code > bound}. */
    public Parameter above(double bound) {
        min = bound;
        minIsOutside = true;
        return this;
    }

    /** Values must be {@code <= bound}. */
    public Parameter atMost(double bound) {
        max = bound;
        return this;
    }

    /** Only these words. */
    public Parameter choices(String... words) {
        choices = List.of(words);
        return this;
    }

    /** Several of the words, separated by commas. */
    public Parameter several() {
        severalWords = true;
        return this;
    }

    /** A value must be given: the default is not usable. */
    public Parameter required() {
        required = true;
        return this;
    }

    /** Keeps an array as {@code float64} instead of {@code float32}. */
    public Parameter doublePrecision() {
        doublePrecision = true;
        return this;
    }

    /** The layer gives a gradient of this number, field or array, so that it can be fitted. */
    public Parameter trainable() {
        trainable = true;
        return this;
    }

    /** One more check of a value about to be set, which it returns or replaces; throws {@link IllegalArgumentException}. */
    public Parameter checked(UnaryOperator<Object> rule) {
        check = rule;
        return this;
    }

    /** This array is derived from {@code sources}: when one of them changes, it follows again, whoever had set it. */
    public Parameter derivedFrom(Parameter... sources) {
        for (Parameter source : sources) {
            source.derived.add(this);
        }
        return this;
    }

    /** Calls {@code action} after each change, on the thread that made it. */
    public Parameter onChange(Runnable action) {
        listeners.add(action);
        return this;
    }

    /** Own name, without the path of its layer. */
    public String name() {
        return name;
    }

    /** Other names, of the reference. */
    public List<String> aliases() {
        return List.copyOf(aliases);
    }

    /** What kind of value it holds. */
    public Kind kind() {
        return kind;
    }

    /** Unit, or an empty string for a number without one. */
    public String unit() {
        return unit;
    }

    /** One-line description. */
    public String doc() {
        return doc;
    }

    /** The words allowed; empty when any is. */
    public List<String> choices() {
        return choices;
    }

    /** Whether a value must be given. */
    public boolean isRequired() {
        return required;
    }

    /** Least number that is allowed, or not allowed any more; minus infinity when there is none. */
    public double min() {
        return min;
    }

    /** Greatest number that is allowed; infinity when there is none. */
    public double max() {
        return max;
    }

    /** Whether only whole numbers are allowed. */
    public boolean isWhole() {
        return whole;
    }

    /** Whether the layer gives a gradient of it. */
    public boolean isTrainable() {
        return trainable;
    }

    /** Whether a fit leaves it as it is. */
    public boolean isFrozen() {
        return frozen;
    }

    /** Has fits leave it as it is, or change it again. To be said before the layer is prepared. */
    public void freeze(boolean on) {
        frozen = on;
    }

    /** Begins or ends to keep a gradient; see {@link DifferentiableLayer#keepGradients}. */
    public void keepGradient(boolean on) {
        keepsGradient = on;
        gradient = null;
    }

    /**
     * The gradient that was added up so far, one number for each of the value, in its order; the layer adds to it. Null where
     * none is kept: nobody asked for it, or the parameter is frozen, or not trainable.
     */
    public double[] gradient() {
        if (!keepsGradient || !trainable || frozen) {
            return null;
        }
        if (gradient == null || gradient.length != size()) {
            gradient = new double[size()];
        }
        return gradient;
    }

    /** How many numbers the value has; 0 without a value and for a word. */
    public int size() {
        return value instanceof NdArray array ? array.size() : value instanceof Double ? 1 : 0;
    }

    /** The value: {@code Double}, {@code NdArray} or {@code String}; null when there is none yet. */
    public Object value() {
        return value;
    }

    /** The default; null for a derived array and for a word that need not be given. */
    public Object defaultValue() {
        return defaultValue;
    }

    /** The value of a number, or of a field that is the same for all pixels. */
    public double number() {
        return value instanceof NdArray array ? array.scalar() : (Double) value;
    }

    /** The value of a whole number. */
    public int integer() {
        return Math.toIntExact(Math.round(number()));
    }

    /** The values of a field or an array; not to be written to. */
    public float[] values() {
        return ((NdArray) value).floats();
    }

    /** The value of a word; null when none was given. */
    public String text() {
        return (String) value;
    }

    /** The value of a switch. */
    public boolean isOn() {
        return "true".equals(value);
    }

    /** Whether {@code word} is among the words. */
    public boolean has(String word) {
        return value != null && Arrays.asList(text().split(",")).contains(word);
    }

    /** Whether the value is the default, or is derived from other parameters. */
    public boolean isDefault() {
        return kind == Kind.ARRAY ? !overridden : Objects.equals(value, defaultValue);
    }

    /** Whether somebody set this derived array. */
    public boolean overridden() {
        return overridden;
    }

    /**
     * Sets the value: a number, a word, an array, or the text of one. A value equal to the present one changes nothing.
     * Throws {@link IllegalArgumentException} that says what is allowed.
     */
    public void set(Object given) {
        Object next = accept(given);
        if (next.equals(value)) {
            return;
        }
        replace(next, kind == Kind.ARRAY);
    }

    /** Back to the default, or to what the layer derives. */
    public void reset() {
        if (!isDefault()) {
            replace(kind == Kind.ARRAY ? value : defaultValue, false);
        }
    }

    /** Takes a value over; when the layer cannot work with it, it throws and the value before stands again. */
    private void replace(Object next, boolean nextOverridden) {
        Object valueBefore = value;
        boolean overriddenBefore = overridden;
        List<Parameter> setBefore =
                derived.stream().filter(array -> array.overridden).toList();
        value = next;
        overridden = nextOverridden;
        setBefore.forEach(array -> array.overridden = false);
        try {
            changed();
        } catch (RuntimeException e) {
            value = valueBefore;
            overridden = overriddenBefore;
            setBefore.forEach(array -> array.overridden = true);
            changed();
            throw e;
        }
    }

    /** Gives a derived array its value, unless somebody set it. Called by the layer; does not count as a change. */
    public void derive(NdArray derived) {
        if (!overridden) {
            value = derived;
        }
    }

    private void changed() {
        for (Runnable listener : listeners) {
            listener.run();
        }
    }

    /** Checks a value without setting it and returns it in the form it is kept in. */
    public Object accept(Object given) {
        if (given == null) {
            throw refused(allowed(), "nothing");
        }
        Object next = switch (kind) {
            case NUMBER -> within(toNumber(given));
            case FIELD, ARRAY -> within(toArray(given));
            case TEXT -> toWords(given);
        };
        return check.apply(next);
    }

    private double toNumber(Object given) {
        if (given instanceof Number number) {
            return number.doubleValue();
        }
        if (given instanceof NdArray array && array.size() == 1) {
            return array.at(0);
        }
        if (given instanceof String text) {
            try {
                return Double.parseDouble(text.strip());
            } catch (NumberFormatException e) {
                throw refused("a number", "\"" + text + "\"");
            }
        }
        throw refused("a number", String.valueOf(given));
    }

    private NdArray toArray(Object given) {
        if (given instanceof NdArray array) {
            int[] shape = kind == Kind.FIELD && array.size() == 1
                    ? new int[0]
                    : array.shape().clone();
            return doublePrecision
                    ? new NdArray(shape, array.doubles().clone())
                    : NdArray.of(array.floats().clone(), shape);
        }
        if (given instanceof float[] values) {
            return toArray(NdArray.of(values, values.length));
        }
        if (given instanceof double[] values) {
            return toArray(new NdArray(new int[] {values.length}, values));
        }
        if (given instanceof List<?> list) {
            return toArray(fromLists(list));
        }
        return toArray(NdArray.of(toNumber(given)));
    }

    private NdArray fromLists(List<?> list) {
        List<Integer> shape = new ArrayList<>();
        for (Object level = list; level instanceof List<?> inner; level = inner.isEmpty() ? null : inner.get(0)) {
            shape.add(inner.size());
        }
        List<Double> flat = new ArrayList<>();
        flatten(list, shape, 0, flat);
        double[] values = flat.stream().mapToDouble(Double::doubleValue).toArray();
        return new NdArray(shape.stream().mapToInt(Integer::intValue).toArray(), values);
    }

    private void flatten(Object level, List<Integer> shape, int depth, List<Double> into) {
        if (depth == shape.size()) {
            into.add(toNumber(level));
            return;
        }
        if (!(level instanceof List<?> inner) || inner.size() != shape.get(depth)) {
            throw refused("nested lists of equal lengths", "lists of different lengths");
        }
        for (Object element : inner) {
            flatten(element, shape, depth + 1, into);
        }
    }

    private double within(double number) {
        boolean tooSmall = minIsOutside ? number <= min : number < min;
        if (!(Math.abs(number) <= Double.MAX_VALUE) || tooSmall || number > max) {
            throw refused(allowed(), plain(number));
        }
        if (whole && number != Math.rint(number)) {
            throw refused(allowed(), plain(number));
        }
        return number;
    }

    private NdArray within(NdArray array) {
        for (int i = 0; i < array.size(); i++) {
            within(array.at(i));
        }
        return array;
    }

    private String toWords(Object given) {
        if (given instanceof NdArray index && index.size() == 1 && index.at(0) >= 0 && index.at(0) < choices.size()) {
            return choices.get((int) index.at(0));
        }
        String text = given instanceof List<?> list
                ? String.join(",", list.stream().map(String::valueOf).toList())
                : given instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
                        ? Long.toString(number.longValue())
                        : String.valueOf(given);
        if (choices.isEmpty()) {
            return text;
        }
        List<String> words = new ArrayList<>();
        for (String word : severalWords ? text.split(",") : new String[] {text}) {
            String plain = word.strip();
            if (!choices.contains(plain) && !(severalWords && plain.isEmpty())) {
                throw refused(allowed(), "\"" + plain + "\"" + Names.suggest(plain, choices));
            }
            if (!plain.isEmpty()) {
                words.add(plain);
            }
        }
        return String.join(",", words);
    }

    /** What is allowed, in words: {@code > 0}, {@code one of a, b}. */
    public String allowed() {
        if (!choices.isEmpty()) {
            return (severalWords ? "any of " : "one of ") + String.join(", ", choices);
        }
        if (kind == Kind.TEXT) {
            return "a word";
        }
        String what = whole ? "a whole number" : "a finite number";
        if (min > Double.NEGATIVE_INFINITY && max < Double.POSITIVE_INFINITY) {
            return what + (minIsOutside ? " > " : " >= ") + plain(min) + " and <= " + plain(max);
        }
        if (min > Double.NEGATIVE_INFINITY) {
            return what + (minIsOutside ? " > " : " >= ") + plain(min);
        }
        return max < Double.POSITIVE_INFINITY ? what + " <= " + plain(max) : what;
    }

    private IllegalArgumentException refused(String allowed, String was) {
        String example = defaultValue instanceof Double number
                ? plain(number)
                : defaultValue instanceof NdArray array && array.size() == 1
                        ? plain(array.at(0))
                        : defaultValue == null ? "" : defaultValue.toString();
        return new IllegalArgumentException(name + " must be " + allowed + " but was " + was
                + (doc.isEmpty() ? "" : "; " + Character.toLowerCase(doc.charAt(0)) + doc.substring(1))
                + (unit.isEmpty() ? "" : ", in " + unit)
                + (example.isEmpty() ? "" : ", for example " + example));
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e18
                ? Long.toString((long) number)
                : (float) number == number ? Float.toString((float) number) : Double.toString(number);
    }

    /** The value in words, for tables and messages. */
    public String valueText() {
        return textOf(value);
    }

    /** The default in words. */
    public String defaultText() {
        return kind == Kind.ARRAY ? "derived" : textOf(defaultValue);
    }

    private static String textOf(Object value) {
        if (value == null) {
            return "none";
        }
        if (value instanceof NdArray array) {
            return array.size() == 1 ? Float.toString((float) array.at(0)) : array.toString();
        }
        return value instanceof Double number ? plain(number) : value.toString();
    }

    /** For example {@code leakHertz = 50 Hz}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s = %s %s", name, valueText(), unit).strip();
    }
}
