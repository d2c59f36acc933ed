package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Catalog;
import org.amacrine.core.component.Component;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parameters as a stream. */
class SamplerSourceTest {
    private static final NormalizingFlow FLOW = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
            .stages(0)
            .bounds(new double[] {0, -3}, new double[] {1, 5})
            .build();

    private static SourceContext context(String name, long seed) {
        return new SourceContext(name, Resolution.DEFAULT, seed, ScalarKernels.INSTANCE);
    }

    private static float[] frames(FrameSource source, String name, long seed, int count)
            throws IOException, InterruptedException {
        assertEquals(new Shape(2, 1, 1), source.open(context(name, seed)).shape());
        Frame frame = new Frame(new Shape(2, 1, 1));
        float[] all = new float[2 * count];
        for (int t = 0; t < count; t++) {
            assertTrue(source.read(frame));
            System.arraycopy(frame.values(), 0, all, 2 * t, 2);
        }
        return all;
    }

    /** Standard normal noise through sigmoids: half of each element lies on either side of the middle of its bounds. */
    @Test
    void shouldDrawWithinBoundsTheSameForTheSameSeed() throws IOException, InterruptedException {
        SamplerSource source = new SamplerSource(k -> new Distribution(FLOW, FLOW.initialTheta(), k), -1);
        int count = 1000;
        float[] z = frames(source, "epi", 1, count);
        int[] above = new int[2];
        for (int t = 0; t < count; t++) {
            assertTrue(z[2 * t] >= 0 && z[2 * t] <= 1 && z[2 * t + 1] >= -3 && z[2 * t + 1] <= 5);
            above[0] += z[2 * t] > 0.5 ? 1 : 0;
            above[1] += z[2 * t + 1] > 1 ? 1 : 0;
        }
        assertEquals(count / 2, above[0], 5 * Math.sqrt(count / 4.0));
        assertEquals(count / 2, above[1], 5 * Math.sqrt(count / 4.0));
        assertArrayEquals(z, frames(source, "epi", 1, count));
        assertFalse(z[0] == frames(source, "epi", 2, 1)[0], "another seed");
        assertFalse(z[0] == frames(source, "other", 1, 1)[0], "another source");
    }

    /** The floats nearest to 0.1 and -0.1 lie beyond them. */
    @Test
    void shouldStayWithinBoundsThatAreNoFloats() throws IOException, InterruptedException {
        NormalizingFlow narrow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 2)
                .stages(0)
                .bounds(new double[] {-0.1, -0.1}, new double[] {0.1, 0.1})
                .build();
        double[] theta = narrow.initialTheta();
        int b = narrow.layout().entry("post.b").at();
        theta[b] = 50;
        theta[b + 1] = -50;
        float[] z = frames(new SamplerSource(k -> new Distribution(narrow, theta, k), -1), "epi", 1, 20);

        for (int t = 0; t < 20; t++) {
            assertEquals(Math.nextDown(0.1f), z[2 * t]);
            assertEquals(Math.nextUp(-0.1f), z[2 * t + 1]);
        }
    }

    @Test
    void shouldDrawFromANewerDistributionFromTheNextFrameOn() throws IOException, InterruptedException {
        double[] shifted = FLOW.initialTheta();
        shifted[FLOW.layout().entry("post.b").at()] = 50;
        Distribution newer = new Distribution(FLOW, shifted, ScalarKernels.INSTANCE);
        SamplerSource source = new SamplerSource(k -> new Distribution(FLOW, FLOW.initialTheta(), k), -1);
        float[] before = frames(source, "epi", 1, 3);
        assertTrue(before[0] < 0.999 && before[4] < 0.999);
        source.use(new Distribution(FLOW, FLOW.initialTheta(), ScalarKernels.INSTANCE));
        source.use(newer);
        Frame frame = new Frame(new Shape(2, 1, 1));
        for (int t = 0; t < 300; t++) {
            assertTrue(source.read(frame));
            assertEquals(1, frame.values()[0], 1e-6, "frame " + t + " after the change");
        }
        assertArrayEquals(before, frames(source, "epi", 1, 3), "opened again");
    }

    @Test
    void shouldRefuseANewerDistributionOfOtherParametersAndGoOn() throws IOException, InterruptedException {
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, 3)
                .stages(0)
                .build();
        Distribution other = new Distribution(flow, flow.initialTheta(), ScalarKernels.INSTANCE);
        SamplerSource source = new SamplerSource(k -> new Distribution(FLOW, FLOW.initialTheta(), k), -1);
        float[] whole = frames(source, "epi", 1, 2);
        float[] first = frames(source, "epi", 1, 1);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> source.use(other));
        assertTrue(e.getMessage().contains("gives 2 parameters but the newer distribution has 3"), e.getMessage());
        Frame frame = new Frame(new Shape(2, 1, 1));
        assertTrue(source.read(frame));
        assertEquals(whole[0], first[0]);
        assertEquals(whole[2], frame.values()[0], "it still draws from the first");

        source.close();
        source.use(other);
        assertThrows(IllegalArgumentException.class, () -> source.open(context("epi", 1)), "given before it is open");
    }

    @Test
    void shouldKeepANewerDistributionThatComesWhileItOpens() throws IOException, InterruptedException {
        double[] shifted = FLOW.initialTheta();
        shifted[FLOW.layout().entry("post.b").at()] = 50;
        AtomicReference<SamplerSource> opening = new AtomicReference<>();
        SamplerSource source = new SamplerSource(
                k -> {
                    if (opening.get() != null) {
                        opening.getAndSet(null).use(new Distribution(FLOW, shifted, k));
                    }
                    return new Distribution(FLOW, FLOW.initialTheta(), k);
                },
                -1);
        opening.set(source);
        assertEquals(1, frames(source, "epi", 1, 1)[0], 1e-6);
        source.close();
        assertTrue(frames(source, "epi", 1, 1)[0] < 0.999, "opened again");
    }

    @Test
    void shouldDrawFromASavedRunByName(@TempDir Path folder) throws IOException, InterruptedException {
        Distribution last = new Distribution(FLOW, FLOW.initialTheta(), ScalarKernels.INSTANCE);
        EpiEpoch epoch = new EpiEpoch(1, 0, new double[1], new double[] {1}, true, false, 1, new double[1]);
        double[] shifted = FLOW.initialTheta();
        shifted[FLOW.layout().entry("post.b").at()] = 50;
        SavedRun.write(folder, Fits.result(last, 1, List.of(epoch), List.of(FLOW.initialTheta(), shifted)), "a test");
        assertEquals(1, frames(make(Map.of("run", folder.toString())), "epi", 1, 1)[0], 1e-6, "the best epoch");
        FrameSource initial = make(Map.of("run", folder.toString(), "epoch", 0, "frames", 3));
        assertTrue(frames(initial, "epi", 1, 3)[0] < 0.999);
        assertFalse(initial.read(new Frame(new Shape(2, 1, 1))), "only three frames were asked for");
        initial.close();
        assertThrows(IllegalStateException.class, () -> initial.read(new Frame(new Shape(2, 1, 1))));
        FrameSource nothing = make(Map.of("run", folder.resolve("nothing").toString()));
        IOException e = assertThrows(IOException.class, () -> nothing.open(context("epi", 1)));
        assertTrue(e.getMessage().contains("there is no run.json"), e.getMessage());
    }

    private static FrameSource make(Map<String, Object> chosen) {
        Component<FrameSource> component = Catalog.load().source("epi.sampler");
        ParameterTree settings = component.settings();
        settings.set(chosen);
        return component.make(settings);
    }
}
