package org.amacrine.operators.epi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Names of saved runs, the same as the reference's, so that a run is found at the same path. */
public final class RunNames {
    private RunNames() {}

    /**
     * The MD5 of the bytes of all parts, in hexadecimal: {@code double[]} as little-endian numbers, strings in UTF-8; null is
     * passed over.
     */
    public static String hash(Object... parts) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
        for (Object part : parts) {
            if (part instanceof double[] numbers) {
                ByteBuffer bytes =
                        ByteBuffer.allocate(numbers.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asDoubleBuffer().put(numbers);
                digest.update(bytes);
            } else if (part instanceof String text) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
            } else if (part != null) {
                throw new IllegalArgumentException("a hash is made of double[] and strings but was given a "
                        + part.getClass().getSimpleName());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Numbers as {@code 2x3.20E+00_1.52E+01}: equal neighbours are counted. */
    public static String text(double... numbers) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < numbers.length; ) {
            int count = 1;
            while (i + count < numbers.length && numbers[i + count] == numbers[i]) {
                count++;
            }
            text.append(i > 0 ? "_" : "");
            text.append(count > 1 ? count + "x" : "");
            text.append(String.format(Locale.ROOT, "%.2E", numbers[i]));
            i += count;
        }
        return text.toString();
    }

    /** Where a run is saved: {@code data/epi/MODEL/INITIAL/FLOW/PROPERTY/SETTINGS}. */
    public static Path run(
            EpiModel model, Gaussian initial, NormalizingFlow flow, double[] mu, LagrangianSettings lagrangian) {
        return Path.of(
                "data",
                "epi",
                model.name(),
                hash(initial.mu(), initial.sigma(), model.lower(), model.upper()),
                flow.toString(),
                hash(model.propertyName(), mu),
                lagrangian.toString());
    }

    /** Where a flow that was brought to a Gaussian is kept: {@code data/inits/INITIAL/FLOW}. */
    public static Path initial(EpiModel model, Gaussian initial, NormalizingFlow flow) {
        return Path.of(
                "data", "inits", hash(initial.mu(), initial.sigma(), model.lower(), model.upper()), flow.toString());
    }
}
