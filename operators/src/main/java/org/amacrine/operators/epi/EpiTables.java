package org.amacrine.operators.epi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;

/** Tables of a fit as arrays, and back: a row for each record, epoch or checkpoint. */
final class EpiTables {
    private static final int INITIAL_COLUMNS = 4;
    private static final int RECORD_COLUMNS = 5;
    private static final int EPOCH_COLUMNS = 5;

    private EpiTables() {}

    /** [rows][columns]. */
    static NdArray ofRows(List<double[]> rows, int columns) {
        double[] values = new double[rows.size() * columns];
        for (int r = 0; r < rows.size(); r++) {
            System.arraycopy(rows.get(r), 0, values, r * columns, columns);
        }
        return new NdArray(new int[] {rows.size(), columns}, values);
    }

    static List<double[]> rows(NdArray array, int columns) {
        List<double[]> rows = new ArrayList<>();
        for (int at = 0; at < array.size(); at += columns) {
            rows.add(Arrays.copyOfRange(array.doubles(), at, at + columns));
        }
        return rows;
    }

    /** Columns iteration, loss, H, KL. */
    static NdArray ofInitialRecords(List<EpiInitialRecord> records) {
        List<double[]> rows = records.stream()
                .map(record -> new double[] {record.iteration(), record.loss(), record.entropy(), record.divergence()})
                .toList();
        return ofRows(rows, INITIAL_COLUMNS);
    }

    static List<EpiInitialRecord> initialRecords(NdArray array) {
        return rows(array, INITIAL_COLUMNS).stream()
                .map(row -> new EpiInitialRecord((int) row[0], row[1], row[2], row[3]))
                .toList();
    }

    /** Columns k, iteration, H, cost, converged (NaN where not tested), R1 … Rm. */
    static NdArray ofRecords(List<EpiRecord> records, int statistics) {
        List<double[]> rows = new ArrayList<>();
        for (EpiRecord record : records) {
            double[] row = new double[RECORD_COLUMNS + statistics];
            row[0] = record.epoch();
            row[1] = record.iteration();
            row[2] = record.entropy();
            row[3] = record.cost();
            row[4] = record.converged() == null ? Double.NaN : record.converged() ? 1 : 0;
            System.arraycopy(record.violation(), 0, row, RECORD_COLUMNS, statistics);
            rows.add(row);
        }
        return ofRows(rows, RECORD_COLUMNS + statistics);
    }

    static List<EpiRecord> records(NdArray array, int statistics) {
        List<EpiRecord> records = new ArrayList<>();
        for (double[] row : rows(array, RECORD_COLUMNS + statistics)) {
            records.add(new EpiRecord(
                    (int) row[0],
                    (int) row[1],
                    row[2],
                    row[3],
                    Double.isNaN(row[4]) ? null : Boolean.valueOf(row[4] != 0),
                    Arrays.copyOfRange(row, RECORD_COLUMNS, row.length)));
        }
        return records;
    }

    /** Columns k, H, converged, collapsed, c, then R, p and eta. */
    static NdArray ofEpochs(List<EpiEpoch> epochs, int statistics) {
        List<double[]> rows = new ArrayList<>();
        for (EpiEpoch epoch : epochs) {
            double[] row = new double[EPOCH_COLUMNS + 3 * statistics];
            row[0] = epoch.epoch();
            row[1] = epoch.entropy();
            row[2] = epoch.converged() ? 1 : 0;
            row[3] = epoch.collapsed() ? 1 : 0;
            row[4] = epoch.c();
            System.arraycopy(epoch.violation(), 0, row, EPOCH_COLUMNS, statistics);
            System.arraycopy(epoch.p(), 0, row, EPOCH_COLUMNS + statistics, statistics);
            System.arraycopy(epoch.eta(), 0, row, EPOCH_COLUMNS + 2 * statistics, statistics);
            rows.add(row);
        }
        return ofRows(rows, EPOCH_COLUMNS + 3 * statistics);
    }

    static List<EpiEpoch> epochs(NdArray array, int statistics) {
        List<EpiEpoch> epochs = new ArrayList<>();
        for (double[] row : rows(array, EPOCH_COLUMNS + 3 * statistics)) {
            epochs.add(new EpiEpoch(
                    (int) row[0],
                    row[1],
                    Arrays.copyOfRange(row, EPOCH_COLUMNS, EPOCH_COLUMNS + statistics),
                    Arrays.copyOfRange(row, EPOCH_COLUMNS + statistics, EPOCH_COLUMNS + 2 * statistics),
                    row[2] != 0,
                    row[3] != 0,
                    row[4],
                    Arrays.copyOfRange(row, EPOCH_COLUMNS + 2 * statistics, row.length)));
        }
        return epochs;
    }

    /** The reference's arrays of a video: {@code zs} [frames][samples][D], {@code log_q_zs} [frames][samples], {@code iterations}. */
    static Map<String, NdArray> ofFrames(List<EpiFrame> frames, int dims) {
        double[] z = new double[frames.size() * EpiFrame.SAMPLES * dims];
        double[] logDensity = new double[frames.size() * EpiFrame.SAMPLES];
        double[] iterations = new double[frames.size()];
        for (int f = 0; f < frames.size(); f++) {
            EpiFrame frame = frames.get(f);
            System.arraycopy(frame.z(), 0, z, f * EpiFrame.SAMPLES * dims, EpiFrame.SAMPLES * dims);
            System.arraycopy(frame.logDensity(), 0, logDensity, f * EpiFrame.SAMPLES, EpiFrame.SAMPLES);
            iterations[f] = frame.iteration();
        }
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put("zs", new NdArray(new int[] {frames.size(), EpiFrame.SAMPLES, dims}, z));
        arrays.put("log_q_zs", new NdArray(new int[] {frames.size(), EpiFrame.SAMPLES}, logDensity));
        arrays.put("iterations", new NdArray(new int[] {frames.size()}, iterations));
        return arrays;
    }

    static List<EpiFrame> frames(Map<String, NdArray> arrays, int dims) {
        List<double[]> z = rows(arrays.get("zs"), EpiFrame.SAMPLES * dims);
        List<double[]> logDensity = rows(arrays.get("log_q_zs"), EpiFrame.SAMPLES);
        List<EpiFrame> frames = new ArrayList<>();
        for (int f = 0; f < z.size(); f++) {
            frames.add(new EpiFrame((int) arrays.get("iterations").at(f), z.get(f), logDensity.get(f)));
        }
        return frames;
    }
}
