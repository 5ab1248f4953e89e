package dev.firn.journal;

/** Takes records from a {@link JournalReader}, in order. */
@FunctionalInterface
public interface RecordHandler {
    /**
     * Called once for each record, on the polling thread. If it throws, the record counts as not read and the next poll begins with it.
     *
     * @param record valid until this method returns; copy what is to be kept
     */
    void onRecord(JournalRecord record);
}
