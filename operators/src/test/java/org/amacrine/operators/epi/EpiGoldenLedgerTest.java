package org.amacrine.operators.epi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Keeps account of the golden data: every array and every number in them is asked for by a test. */
class EpiGoldenLedgerTest {

    /** What says how the data were made, constants of the models, and how the stored runs ended, which was chance. */
    private static final Pattern DESCRIPTION = Pattern.compile(String.join(
            "|",
            "what|set|conventions|tolerance_default\\..*|.*note|.*self_check.*|speed_this_machine\\..*",
            "interval\\.types|.*made_degrees|(.*\\.)?(mini_epi|posterior_seed15)\\.(layout|epoch)|.*\\.cfg\\..*|.*\\.eps|.*batch_norm_mode",
            "adam\\.(beta1|beta2|epsilon)|circuits\\.sc4\\.(constants\\..*|steps)|circuits\\.stg\\.(dt|T|sigma_I)",
            "epi_lds\\.(problem|rows_columns|exact_optimum|run_torch_f32|published_tensorflow_runs).*|epi_gauss2d\\..*",
            "epi_lds\\.runs_.*\\.(seed|k|H|R|KL_to_optimum|failed|init_s|opt_s|its_per_s)"));

    @Test
    void shouldAskForEveryArrayAndNumber() {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherDiscoveryRequest tests = LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(
                                FlowGoldenTest.class,
                                DistributionGoldenTest.class,
                                LagrangianGoldenTest.class,
                                EmergentPropertyGoldenTest.class,
                                CircuitsGoldenTest.class,
                                RunNamesGoldenTest.class)
                        .map(each -> selectClass(each))
                        .toList())
                .build();
        LauncherFactory.create().execute(tests, summary);

        assertEquals(0, summary.getSummary().getTestsFailedCount(), "tests that failed");
        Set<String> unread = EpiGolden.unread();
        List<String> forgotten = unread.stream()
                .filter(each -> !DESCRIPTION.matcher(each).matches())
                .sorted()
                .toList();
        assertEquals(List.of(), forgotten);
    }
}
