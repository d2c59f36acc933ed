package org.amacrine.operators.filter;

import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Parameter;

/** Field parameters as kernels take them: one value, or one for each value of a frame. */
public final class Fields {
    private Fields() {}

    /**
     * The values of a field for frames of this extent; a map of one channel serves every channel.
     *
     * @throws IllegalArgumentException when a map has another number of pixels
     */
    public static float[] of(Parameter field, Shape shape) {
        float[] values = field.values();
        if (values.length == 1 || values.length == shape.values()) {
            return values;
        }
        if (values.length != shape.pixels()) {
            throw new IllegalArgumentException(field.name() + " is a map of shape "
                    + NdArray.text(((NdArray) field.value()).shape()) + " but a frame is " + shape
                    + "; give one number, or one for each pixel");
        }
        float[] all = new float[shape.values()];
        for (int c = 0; c < shape.channels(); c++) {
            System.arraycopy(values, 0, all, c * shape.pixels(), shape.pixels());
        }
        return all;
    }

    /**
     * Adds to the gradient of a field what one value of a frame brings.
     *
     * @param gradient a number for each of the field's own values, or null for none
     * @param index of the value of the frame
     */
    public static void add(double[] gradient, int index, Shape shape, double what) {
        if (gradient != null) {
            int own = gradient.length == 1 ? 0 : gradient.length == shape.values() ? index : index % shape.pixels();
            gradient[own] += what;
        }
    }
}
