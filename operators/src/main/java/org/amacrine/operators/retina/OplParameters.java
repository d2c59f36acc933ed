package org.amacrine.operators.retina;

import java.util.List;
import java.util.function.UnaryOperator;
import org.amacrine.core.layer.Parameter;

/** The parameters that all filters of the outer plexiform layer have. */
final class OplParameters {
    final Parameter centerSigma;
    final Parameter surroundSigma;
    final Parameter centerTau;
    final Parameter centerOrder;
    final Parameter surroundTau;
    final Parameter undershootTau;
    final Parameter undershootWeight;
    final Parameter surroundWeight;
    final Parameter amplification;

    OplParameters(double defaultAmplification, UnaryOperator<Parameter> add) {
        centerSigma = add.apply(Parameter.number("centerSigmaDegrees", 0.05)
                .unit("deg")
                .atLeast(0)
                .alias(names("sigma_center"))
                .doc("Standard deviation of the center"));
        surroundSigma = add.apply(Parameter.number("surroundSigmaDegrees", 0.15)
                .unit("deg")
                .atLeast(0)
                .alias(names("sigma_surround"))
                .doc("Standard deviation of the surround"));
        centerTau = add.apply(Parameter.number("centerTauSeconds", 0.01)
                .unit("s")
                .above(0)
                .alias(names("tau_center", "center_E.tau"))
                .doc("Time constant of the center's low pass"));
        centerOrder = add.apply(Parameter.integer("centerOrder", 0)
                .atLeast(0)
                .atMost(20)
                .alias(names("n_center"))
                .doc("Stages of the center's cascade; only the separable filter uses it"));
        surroundTau = add.apply(Parameter.number("surroundTauSeconds", 0.004)
                .unit("s")
                .above(0)
                .alias(names("tau_surround", "surround_E.tau"))
                .doc("Time constant of the surround's low pass"));
        undershootTau = add.apply(Parameter.number("undershootTauSeconds", 0.1)
                .unit("s")
                .above(0)
                .alias(names("undershoot_tau_center", "center_undershoot.tau"))
                .doc("Time constant of the undershoot"));
        undershootWeight = add.apply(Parameter.number("undershootWeight", 0.8)
                .alias(names("undershoot_relative_weight_center", "center_undershoot.k"))
                .doc("Weight of the undershoot; 1 removes a constant luminance"));
        surroundWeight = add.apply(Parameter.number("surroundWeight", 1)
                .alias(names("relative_weight"))
                .doc("Weight of the surround relative to the center"));
        amplification = add.apply(Parameter.number("amplification", defaultAmplification)
                .alias(names("lambda_opl"))
                .doc("Gain from luminance to the center signal"));
    }

    /** Those that the recursive filter gives gradients of. */
    void makeTrainable() {
        for (Parameter each :
                List.of(centerTau, surroundTau, undershootTau, undershootWeight, surroundWeight, amplification)) {
            each.trainable();
        }
    }

    private static String[] names(String... own) {
        String[] all = new String[2 * own.length];
        for (int i = 0; i < own.length; i++) {
            all[2 * i] = own[i];
            all[2 * i + 1] = "opl_filter." + own[i];
        }
        return all;
    }
}
