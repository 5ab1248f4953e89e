/**
 * The journal: records with dense sequences in files on local disk, written by one, read by any number of processes.
 *
 * <p>It knows bytes, not events. {@link dev.firn.journal.Journal} writes, {@link dev.firn.journal.JournalReader} reads and verifies.
 * Chronicle Queue is the implementation and appears in no public signature.
 *
 * <p>A journal directory holds
 *
 * <table>
 * <caption>Files</caption>
 * <tr><td>{@code producer}</td><td>the producer's UUID, made with the journal</td></tr>
 * <tr><td>{@code writer.lock}</td><td>locked by the process that writes; names it</td></tr>
 * <tr><td>{@code committed}</td><td>what the warehouse has, written by the uploader</td></tr>
 * <tr><td>{@code durable}</td><td>how the last writer ended, and up to where the records were on disk</td></tr>
 * <tr><td>{@code missing}</td><td>sequences whose records are lost, once there are such</td></tr>
 * <tr><td>{@code suspect}</td><td>damage was met; gone when the journal is repaired</td></tr>
 * <tr><td>{@code damaged/}</td><td>files that were replaced by a repair, as they were</td></tr>
 * <tr><td>{@code queue/}</td><td>the records, one file for each hour of receipt in which there were any</td></tr>
 * </table>
 */
@NullMarked
package dev.firn.journal;

import org.jspecify.annotations.NullMarked;
