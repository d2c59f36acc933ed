package org.amacrine.operators.epi;

import java.util.List;

/**
 * What a fit came to. Immutable.
 *
 * @param plan what was asked for
 * @param distribution that of the best epoch: the converged one of largest entropy; before any converged, the latest
 * @param bestEpoch k of that epoch, or -1 when none converged
 * @param initialRecords the table of the flow as it was brought to a Gaussian; empty when the fit began with one
 * @param records the table of the fit
 * @param epochs how each epoch ended
 * @param checkpoints parameters of the flow when it was a Gaussian, and at the end of each epoch
 * @param frames samples at each row of the table; empty when the fit was not told to keep them
 * @param timing how long it took
 * @param failure why the fit ended before its time, or null
 * @param excludedSamples simulations with statistics that are no numbers, which were left out: of all batches, those of
 *     training, of norms between epochs and of tests of convergence alike
 */
public record EpiResult(
        EpiPlan plan,
        Distribution distribution,
        int bestEpoch,
        List<EpiInitialRecord> initialRecords,
        List<EpiRecord> records,
        List<EpiEpoch> epochs,
        List<double[]> checkpoints,
        List<EpiFrame> frames,
        EpiTiming timing,
        String failure,
        long excludedSamples) {

    /** Keeps copies of the lists. */
    public EpiResult {
        initialRecords = List.copyOf(initialRecords);
        records = List.copyOf(records);
        epochs = List.copyOf(epochs);
        checkpoints = List.copyOf(checkpoints);
        frames = List.copyOf(frames);
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
