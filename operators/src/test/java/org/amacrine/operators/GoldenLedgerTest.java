package org.amacrine.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Keeps account of the reference's stored output for the retina, filters, models and fits: each of its cases has a test, which names
 * it, or all cases that begin alike.
 */
class GoldenLedgerTest {
    private static final String PACKAGE = "org.amacrine.operators.";

    /** Names of cases, or how several begin, and what each test calls them. */
    private static final Map<String, List<String>> TESTS = Map.ofEntries(
            Map.entry(
                    "filter.KernelGoldenTest",
                    List.of("kern_gauss_", "kern_exp_", "kern_highpass_", "kern_deriche", "kern_ab_exp")),
            Map.entry(
                    "filter.ConvolutionGoldenTest",
                    List.of(
                            "f_conv3d_",
                            "f_conv3d_3",
                            "f_conv2d",
                            "f_conv1d",
                            "f_rf_0",
                            "f_rf_1",
                            "f_rf_2",
                            "f_timepad")),
            Map.entry(
                    "filter.FilterGoldenTest",
                    List.of(
                            "kern_expmodule_",
                            "kern_gabor_",
                            "kern_text",
                            "f_lowpass_",
                            "f_highpass_",
                            "f_deriche_",
                            "f_smoothconv",
                            "f_NL",
                            "f_delay",
                            "f_delay_len",
                            "f_vardelay",
                            "f_sum_0",
                            "f_sum_1",
                            "f_sum_2",
                            "f_list_par_cat",
                            "f_list_par_cat_0",
                            "f_list_par_cat_1",
                            "f_list_par_sum",
                            "f_list_par_sum_0",
                            "f_list_par_sum_1")),
            Map.entry(
                    "spiking.SpikingGoldenTest",
                    List.of("s_izhikevich_", "s_fhn", "s_hh", "s_lif_", "s_rlif_", "s_ims_", "stat_poisson")),
            Map.entry("retina.RetinaGoldenTest", List.of("opl_", "bip_", "gin_", "ret_", "s_gang_const_")),
            Map.entry(
                    "retina.SpikingStatisticsTest",
                    List.of("stat_gang_", "stat_membrane", "stat_lif", "stat_rlif", "stat_retina")),
            Map.entry("retina.RetinaGradientGoldenTest", List.of("grad_retina")),
            Map.entry(
                    "models.ModelsGoldenTest",
                    List.of(
                            "ln_0",
                            "ln_dt",
                            "ln_even_bias",
                            "ln_rf",
                            "ln_LNLN",
                            "ln_LNLNLN",
                            "ln_LNLNLNLN",
                            "ln_LNFDLNF",
                            "ln_cascade",
                            "l_5d",
                            "mcintosh_0",
                            "mcintosh_1",
                            "mcintosh_ones",
                            "mcintosh_rand",
                            "grad_ln",
                            "grad_lnln",
                            "grad_lowpass",
                            "grad_highpass",
                            "grad_mcintosh")),
            Map.entry("fit.LayerFitGoldenTest", List.of("opt_")),
            Map.entry("analysis.SpikeTriggeredTest", List.of("ana_sta", "ana_stc")));

    private static final Path SAMPLES =
            Path.of("..", "sources", "src", "test", "resources", "golden", "samples", "manifest.json");

    private static List<String> cases() throws IOException {
        return Files.readAllLines(Golden.file("cases.txt"));
    }

    private static boolean isNamedBy(String name, String id) {
        return name.endsWith("_") || name.equals("f_NL") ? id.startsWith(name) : id.equals(name);
    }

    private static List<String> testsOf(String id) {
        List<String> tests = new ArrayList<>();
        TESTS.forEach((test, names) -> {
            if (names.stream().anyMatch(name -> isNamedBy(name, id))) {
                tests.add(test);
            }
        });
        return tests;
    }

    @Test
    void shouldHaveATestForEachCase() throws IOException {
        String samples = Files.readString(SAMPLES);
        List<String> forgotten = new ArrayList<>();
        for (String id : cases()) {
            boolean isSample = samples.contains("\"" + id + "\"");
            if (testsOf(id).isEmpty() && !isSample) {
                forgotten.add(id);
            }
        }
        assertEquals(List.of(), forgotten);
        assertEquals(209, cases().size());
    }

    @Test
    void shouldHaveTestsThatNameTheirCases() throws IOException {
        for (Map.Entry<String, List<String>> entry : TESTS.entrySet()) {
            String file = "/" + (PACKAGE + entry.getKey()).replace('.', '/') + ".class";
            String constants;
            try (InputStream in = GoldenLedgerTest.class.getResourceAsStream(file)) {
                constants = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            }
            for (String name : entry.getValue()) {
                assertTrue(constants.contains(name), entry.getKey() + " does not name " + name);
                assertTrue(
                        cases().stream().anyMatch(id -> isNamedBy(name, id)),
                        "the reference has no case " + name + " of " + entry.getKey());
            }
        }
    }

    @Test
    void shouldHoldOnlyCasesThatThereAre() throws IOException {
        for (Golden.Case each : Golden.cases("")) {
            assertTrue(cases().contains(each.id()), each.id());
        }
    }
}
