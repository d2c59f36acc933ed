package org.amacrine.sources.stimulus;

/**
 * A sine wave over the pixels of a frame, {@code sin(phase + rowPhase[i] + columnPhase[j])}. With
 * {@code sin(a + b) = sin a cos b + cos a sin b} and tables for rows and columns, a frame costs two sines, and two fused
 * multiply-adds for each pixel.
 */
final class PlaneWave {
    private final double[] rowSine;
    private final double[] rowCosine;
    private final float[] columnSine;
    private final float[] columnCosine;

    /**
     * A wave.
     *
     * @param rowPhase phase that each row adds, in radians
     * @param columnPhase phase that each column adds, in radians
     */
    PlaneWave(double[] rowPhase, double[] columnPhase) {
        rowSine = new double[rowPhase.length];
        rowCosine = new double[rowPhase.length];
        columnSine = new float[columnPhase.length];
        columnCosine = new float[columnPhase.length];
        for (int i = 0; i < rowPhase.length; i++) {
            rowSine[i] = Math.sin(rowPhase[i]);
            rowCosine[i] = Math.cos(rowPhase[i]);
        }
        for (int j = 0; j < columnPhase.length; j++) {
            columnSine[j] = (float) Math.sin(columnPhase[j]);
            columnCosine[j] = (float) Math.cos(columnPhase[j]);
        }
    }

    /**
     * Writes {@code offset + amplitude sin(phase + …)} to all pixels.
     *
     * @param phase in radians
     * @param values receives the image, [rows][columns]
     */
    void render(double phase, double amplitude, double offset, float[] values) {
        double sine = amplitude * Math.sin(phase);
        double cosine = amplitude * Math.cos(phase);
        float mean = (float) offset;
        for (int i = 0, at = 0; i < rowSine.length; i++, at += columnSine.length) {
            float a = (float) (sine * rowCosine[i] + cosine * rowSine[i]);
            float b = (float) (cosine * rowCosine[i] - sine * rowSine[i]);
            for (int j = 0; j < columnSine.length; j++) {
                values[at + j] = Math.fma(a, columnCosine[j], Math.fma(b, columnSine[j], mean));
            }
        }
    }
}
