package org.amacrine.operators.epi;

import java.util.List;

/**
 * What a fit came to. Immutable.
 *
 * @param distribution that of the best epoch: the converged one of largest entropy; before any converged, the latest
 * @param bestEpoch k of that epoch, or -1 when none converged
 * @param records the table of the fit
 * @param epochs how each epoch ended
 * @param checkpoints parameters of the flow when it was a Gaussian, and at the end of each epoch
 * @param failure why the fit ended before its time, or null
 * @param excludedSamples simulations with statistics that are no numbers, which were left out: of all batches, those of
 *     training, of norms between epochs and of tests of convergence alike
 */
public record EpiResult(
        Distribution distribution,
        int bestEpoch,
        List<EpiRecord> records,
        List<EpiEpoch> epochs,
        List<double[]> checkpoints,
        String failure,
        long excludedSamples) {

    /** Keeps copies of the lists. */
    public EpiResult {
        records = List.copyOf(records);
        epochs = List.copyOf(epochs);
        checkpoints = List.copyOf(checkpoints);
    }

    /** Whether any epoch converged. */
    public boolean converged() {
        return bestEpoch >= 0;
    }

    /** Whether the fit ended before its time. */
    public boolean failed() {
        return failure != null;
    }

    /** Whether the entropy fell apart in any epoch; the best one is from before, or from after that. */
    public boolean collapsed() {
        return epochs.stream().anyMatch(EpiEpoch::collapsed);
    }
}
