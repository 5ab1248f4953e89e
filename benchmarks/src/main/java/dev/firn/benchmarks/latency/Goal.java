package dev.firn.benchmarks.latency;

import java.util.List;

/**
 * How good Firn is to be against something else.
 *
 * @param timesBetter        at least so many times as quick, or so many times as many events
 * @param stretchTimesBetter the same, further off; 0: none
 */
record Goal(Ratio ratio, double timesBetter, double stretchTimesBetter) {
    static final List<Goal> ALL = List.of(
            of(Subject.FIRN, Subject.LOG4J2, Metric.SERVICE_P50, 15),
            of(Subject.FIRN, Subject.LOG4J2, Metric.SERVICE_P99, 25),
            of(Subject.FIRN, Subject.LOG4J2, Metric.SERVICE_P999, 25),
            of(Subject.FIRN_ENCODING, Subject.LOG4J2, Metric.SERVICE_P50, 4),
            of(Subject.FIRN_ENCODING, Subject.LOG4J2, Metric.SERVICE_P99, 12),
            of(Subject.FIRN_ENCODING, Subject.LOG4J2, Metric.SERVICE_P999, 15),
            of(Subject.FIRN, Subject.QUEUE, Metric.SERVICE_P99, 4),
            new Goal(new Ratio(Subject.FIRN_ENCODING, Subject.LOG4J2, Metric.EVENTS_PER_SECOND), 1.7, 2),
            new Goal(new Ratio(Subject.FIRN_ENCODING, Subject.LOG4J2_FLUSHING, Metric.EVENTS_PER_SECOND), 1.7, 2),
            new Goal(new Ratio(Subject.FIRN_ENCODING, Subject.LIMIT, Metric.EVENTS_PER_SECOND), 0.6, 0.7),
            of(Subject.FIRN_ENCODING, Subject.FIRN_NO_SYNC, Metric.EVENTS_PER_SECOND, 0.85));

    private static Goal of(Subject firn, Subject other, Metric metric, double timesBetter) {
        return new Goal(new Ratio(firn, other, metric), timesBetter, 0);
    }

    String wanted() {
        String wanted = ratio.bound(timesBetter);
        return stretchTimesBetter == 0 ? wanted : wanted + ", better " + ratio.text(stretchTimesBetter);
    }

    /** @param measured times better, the median */
    String verdict(double measured) {
        if (measured < timesBetter) {
            return "missed";
        }
        return stretchTimesBetter > 0 && measured >= stretchTimesBetter ? "reached, the better too" : "reached";
    }
}
