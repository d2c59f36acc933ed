package org.amacrine.operators.vision;

import java.util.List;
import java.util.function.Supplier;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Parameter;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_bioinspired.Retina;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A second opinion: the retina of OpenCV's module {@code bioinspired} (Benoit, Caplier, Durette and Herault 2010), which knows
 * nothing of spikes. Outputs: {@code parvo}, contours and details of the middle of the retina, and {@code magno}, motion, both
 * without unit, from 0 to 255 where they are normalised; a frame without contrast is then 0. Colours are averaged.
 *
 * <p>Its time constants are in frames: they do not follow the resolution. What it remembers lies within OpenCV and cannot be
 * read or set: the layer can be cleared, but its states cannot be kept, saved or restored, which is an error that says so.
 *
 * <p>Owned by the operator's thread.
 */
public final class BioinspiredRetina extends BaseLayer {
    private static final float BYTES = 255;
    private static final int LEAST_EXTENT = 2;

    private final Parameter white;
    private final Parameter normaliseParvo;
    private final Parameter photoreceptorSensitivity;
    private final Parameter photoreceptorFrames;
    private final Parameter photoreceptorPixels;
    private final Parameter horizontalGain;
    private final Parameter horizontalFrames;
    private final Parameter horizontalPixels;
    private final Parameter ganglionSensitivity;
    private final Parameter normaliseMagno;
    private final Parameter parasolGain;
    private final Parameter parasolFrames;
    private final Parameter parasolPixels;
    private final Parameter amacrineFrames;
    private final Parameter magnoSensitivity;
    private final Parameter adaptationFrames;
    private final Parameter adaptationPixels;

    private float[] grey;
    private FloatPointer inMemory;
    private FloatPointer parvoMemory;
    private FloatPointer magnoMemory;
    private Mat in;
    private Mat parvo;
    private Mat magno;
    private Retina retina;

    /** A layer of that name that is not prepared yet. */
    public BioinspiredRetina(String name) {
        super(name);
        white = add(Parameter.number("white", 1)
                .above(0)
                .doc("Input that is white, such as 1, or 255 where inputs are bytes"));
        normaliseParvo = add(Parameter.flag("normaliseParvo", true).doc("Brings each frame of parvo to 0 to 255"));
        photoreceptorSensitivity =
                add(sensitivity("photoreceptorSensitivity", 0.75, "Compression of light by photoreceptors"));
        photoreceptorFrames = add(frames("photoreceptorFrames", 0.9, "Low pass in time of photoreceptors"));
        photoreceptorPixels = add(pixels("photoreceptorPixels", 0.53, "Low pass in space of photoreceptors"));
        horizontalGain = add(Parameter.number("horizontalGain", 0.01)
                .atLeast(0)
                .atMost(1)
                .doc("How much of the mean luminance horizontal cells leave"));
        horizontalFrames = add(frames("horizontalFrames", 0.5, "Low pass in time of horizontal cells"));
        horizontalPixels = add(pixels("horizontalPixels", 7, "Low pass in space of horizontal cells"));
        ganglionSensitivity = add(sensitivity("ganglionSensitivity", 0.75, "Compression of contrast in parvo"));
        normaliseMagno = add(Parameter.flag("normaliseMagno", true).doc("Brings each frame of magno to 0 to 255"));
        parasolGain = add(Parameter.number("parasolGain", 0).atLeast(0).doc("Gain of the low pass of parasol cells"));
        parasolFrames = add(frames("parasolFrames", 0, "Low pass in time of parasol cells"));
        parasolPixels = add(pixels("parasolPixels", 7, "Low pass in space of parasol cells"));
        amacrineFrames = add(frames("amacrineFrames", 2, "High pass in time of amacrine cells"));
        magnoSensitivity = add(sensitivity("magnoSensitivity", 0.95, "Compression of contrast in magno"));
        adaptationFrames = add(frames("adaptationFrames", 0, "Low pass in time of the mean motion nearby"));
        adaptationPixels = add(pixels("adaptationPixels", 7, "Low pass in space of the mean motion nearby"));
    }

    private static Parameter sensitivity(String name, double value, String doc) {
        return Parameter.number(name, value).atLeast(0).atMost(1).doc(doc);
    }

    private static Parameter frames(String name, double value, String doc) {
        return Parameter.number(name, value).unit("frames").atLeast(0).doc(doc);
    }

    private static Parameter pixels(String name, double value, String doc) {
        return Parameter.number(name, value).unit("pixels").above(0).doc(doc);
    }

    @Override
    public List<String> outputs() {
        return List.of("parvo", "magno");
    }

    @Override
    protected void derive() {
        if (!isPreparing()) {
            setUp();
        }
    }

    @Override
    protected List<Shape> allocate() {
        Shape shape = context().input();
        if (shape.rows() < LEAST_EXTENT || shape.columns() < LEAST_EXTENT) {
            throw new IllegalArgumentException("frames must have at least " + LEAST_EXTENT + "x" + LEAST_EXTENT
                    + " pixels but were " + shape + "; enlarge the images");
        }
        int pixels = shape.pixels();
        grey = new float[pixels];
        if (retina != null) {
            retina.close();
        }
        try {
            inMemory = new FloatPointer((long) pixels);
            parvoMemory = new FloatPointer((long) pixels);
            magnoMemory = new FloatPointer((long) pixels);
            in = new Mat(shape.rows(), shape.columns(), opencv_core.CV_32FC1, inMemory);
            parvo = new Mat(pixels, 1, opencv_core.CV_32FC1, parvoMemory);
            magno = new Mat(pixels, 1, opencv_core.CV_32FC1, magnoMemory);
            retina = Retina.create(new Size(shape.columns(), shape.rows()), false);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    "it needs OpenCV, whose native library is not usable: " + e.getMessage()
                            + "; add org.bytedeco:opencv and org.bytedeco:openblas for this platform to the class path",
                    e);
        }
        Supplier<NdArray> noReader = () -> {
            throw new IllegalStateException("what " + context().path() + " remembers lies within OpenCV and cannot be"
                    + " kept, saved or restored; clear it, and play the frames again");
        };
        states().add("withinOpenCv", noReader, array -> noReader.get());
        states().onClear(retina::clearBuffers);
        setUp();
        Shape image = Shape.image(shape.rows(), shape.columns());
        return List.of(image, image);
    }

    private void setUp() {
        retina.setupOPLandIPLParvoChannel(
                false,
                normaliseParvo.isOn(),
                (float) photoreceptorSensitivity.number(),
                (float) photoreceptorFrames.number(),
                (float) photoreceptorPixels.number(),
                (float) horizontalGain.number(),
                (float) horizontalFrames.number(),
                (float) horizontalPixels.number(),
                (float) ganglionSensitivity.number());
        retina.setupIPLMagnoChannel(
                normaliseMagno.isOn(),
                (float) parasolGain.number(),
                (float) parasolFrames.number(),
                (float) parasolPixels.number(),
                (float) amacrineFrames.number(),
                (float) magnoSensitivity.number(),
                (float) adaptationFrames.number(),
                (float) adaptationPixels.number());
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        for (int t = 0; t < in[0].frames(); t++) {
            toGrey(in[0].values(), in[0].start(t));
            inMemory.put(grey, 0, grey.length);
            retina.run(this.in);
            retina.getParvoRAW(parvo);
            retina.getMagnoRAW(magno);
            read(parvoMemory, out[0], t);
            read(magnoMemory, out[1], t);
        }
    }

    /** Copies a channel; where a frame has no contrast that could be normalised, it is 0 instead of NaN. */
    private static void read(FloatPointer channel, Chunk out, int t) {
        float[] values = out.values();
        channel.get(values, out.start(t), out.shape().values());
        for (int i = out.start(t); i < out.start(t + 1); i++) {
            if (Float.isNaN(values[i])) {
                values[i] = 0;
            }
        }
    }

    private void toGrey(float[] image, int at) {
        int channels = context().input().channels();
        float gain = BYTES / (float) white.number() / channels;
        for (int i = 0; i < grey.length; i++) {
            float sum = image[at + i];
            for (int c = 1; c < channels; c++) {
                sum += image[at + c * grey.length + i];
            }
            grey[i] = gain * sum;
        }
    }
}
