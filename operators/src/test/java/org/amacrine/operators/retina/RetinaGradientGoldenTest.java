package org.amacrine.operators.retina;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.Resolution;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients through the retina without spikes, held against those of the reference. */
class RetinaGradientGoldenTest {
    private static final double LIMIT = 1e-3;
    private static final int FRAMES = 50;
    private static final Shape SHAPE = Shape.image(10, 9);
    private static Map<String, NdArray> golden;
    private static Retina retina;
    private static Chunk inputGradient;
    private static double loss;

    @BeforeAll
    static void goThroughTheRetinaAndBack() throws IOException, URISyntaxException {
        golden = Npz.read(Path.of(RetinaGradientGoldenTest.class
                .getResource("/golden/retina/gradients.npz")
                .toURI()));
        retina = Retina.builder()
                .stages(EnumSet.of(Retina.Stage.OPL, Retina.Stage.BIPOLAR, Retina.Stage.GANGLION))
                .build();
        retina.parameters().set("opl.amplification", 0.1);
        retina.parameters().set("bipolar.feedbackHertz", 5.0);
        retina.keepGradients(true);
        retina.prepare(new LayerContext(
                "retina", List.of(SHAPE), Resolution.of(10, 1000), ScalarKernels.INSTANCE, Bands.ALONE, 1, FRAMES));
        Chunk in = chunk(golden.get("x"));
        Chunk[] out = {chunk(null), chunk(null)};
        retina.process(new Chunk[] {in}, out);

        Chunk[] gradients = {chunk(golden.get("mask")), chunk(null)};
        float[] mask = gradients[0].values();
        for (int i = 0; i < mask.length; i++) {
            loss += (double) mask[i] * out[0].values()[i] / mask.length;
            mask[i] /= mask.length;
        }
        inputGradient = chunk(null);
        retina.backward(gradients, new Chunk[] {inputGradient});
    }

    private static Chunk chunk(NdArray values) {
        Chunk chunk = Chunk.unpooled(SHAPE, FRAMES);
        chunk.begin(0, 0);
        chunk.frames(FRAMES);
        for (int i = 0; values != null && i < values.size(); i++) {
            chunk.values()[i] = (float) values.at(i);
        }
        return chunk;
    }

    private static void assertAgrees(String name, NdArray expected, double[] actual) {
        double largest = 0;
        for (int i = 0; i < expected.size(); i++) {
            largest = Math.max(largest, Math.abs(expected.at(i)));
        }
        assertEquals(expected.size(), actual.length, name);
        for (int i = 0; i < actual.length; i++) {
            assertEquals(expected.at(i), actual[i], LIMIT * largest, "grad_retina: " + name + ", value " + i);
        }
    }

    @Test
    void shouldReachTheLossOfTheReference() {
        assertEquals(golden.get("loss").at(0), loss, 1e-4 * loss);
    }

    @Test
    void shouldGiveTheGradientOfTheInput() {
        double[] actual = new double[FRAMES * SHAPE.values()];
        for (int i = 0; i < actual.length; i++) {
            actual[i] = inputGradient.values()[i];
        }
        assertAgrees("x", golden.get("grad_x"), actual);
    }

    @ParameterizedTest
    @CsvSource({
        "opl.surroundWeight, opl_opl_filter_relative_weight",
        "opl.amplification, opl_opl_filter_lambda_opl",
        "opl.centerKernel, opl_opl_filter_center_G_weight",
        "opl.surroundKernel, opl_opl_filter_surround_G_weight",
        "opl.centerTauSeconds, opl_opl_filter_center_E_tau",
        "opl.undershootTauSeconds, opl_opl_filter_center_undershoot_tau",
        "opl.undershootWeight, opl_opl_filter_center_undershoot_k",
        "opl.surroundTauSeconds, opl_opl_filter_surround_E_tau",
        "bipolar.feedbackHertz, bipolar_lambda_amp",
        "bipolar.leakHertz, bipolar_g_leak",
        "bipolar.inputHertz, bipolar_input_amp",
        "bipolar.adaptationKernel, bipolar_conv2d_weight",
        "on.input.sign, gang_0_input_sign",
        "on.input.currentAtThresholdHertz, gang_0_input_i_0",
        "on.input.threshold, gang_0_input_v_0",
        "on.input.gainHertz, gang_0_input_lambda_G"
    })
    void shouldGiveTheGradientOfTheReference(String name, String there) {
        assertAgrees(
                name, golden.get("grad_" + there), retina.parameters().get(name).gradient());
    }

    /**
     * The reference gives gradients of the 72 taps {@code -(w / tau) exp(-(p - 0.6) / tau)}, p from 1 on, tau = 20 steps and w =
     * 0.7; through them come those of w, and of tau in seconds.
     */
    @Test
    void shouldGiveTheGradientsOfTheTransientThroughItsKernel() {
        NdArray ofTaps = golden.get("grad_gang_0_input_transient_weight");
        double ofWeight = 0;
        double ofTau = 0;
        for (int p = 1; p < ofTaps.size(); p++) {
            double tap = -Math.exp(-(p - 0.6) / 20) / 20;
            ofWeight += ofTaps.at(p) * tap;
            ofTau += ofTaps.at(p) * 0.7 * tap * ((p - 0.6) / 400 - 1.0 / 20) * 1000;
        }
        double[] weight = retina.parameters().get("on.input.transientWeight").gradient();
        double[] tau = retina.parameters().get("on.input.transientTauSeconds").gradient();
        assertEquals(ofWeight, weight[0], LIMIT * Math.abs(ofWeight));
        assertEquals(ofTau, tau[0], LIMIT * Math.abs(ofTau));
    }
}
