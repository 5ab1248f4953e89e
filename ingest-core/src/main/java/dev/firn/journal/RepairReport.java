package dev.firn.journal;

import java.util.List;

/**
 * What a verification of a whole journal found, and did or would do.
 *
 * @param files    how many files were looked at
 * @param records  how many records in them are whole
 * @param salvaged how many of these had to be copied out of damaged files
 * @param missing  sequences that were found to be lost, and were not known to be before
 * @param setAside names of the files that went into {@code damaged/}, or would
 */
public record RepairReport(int files, long records, long salvaged, List<MissingRange> missing, List<String> setAside) {
    public RepairReport {
        missing = List.copyOf(missing);
        setAside = List.copyOf(setAside);
    }

    /** True if nothing was wrong that was not known before. */
    public boolean isClean() {
        return missing.isEmpty() && setAside.isEmpty();
    }
}
