package dev.firn.cli.demo;

import java.util.SplittableRandom;

/**
 * Token counts of model calls as they occur in production: drawn between the quantiles of the conversation trace of the
 * Azure Public Dataset (P. Patel et al., "Splitwise", ISCA 2024, CC BY 4.0; 19,366 calls on 2023-11-16).
 */
final class TokenCounts {
    private static final double[] SHARES = {
        0, .05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .55, .6, .65, .7, .75, .8, .85, .9, .95, .98, .99, .999, 1
    };
    private static final int[] PROMPT = {
        2, 181, 207, 372, 387, 396, 403, 414, 703, 984, 1_020, 1_045, 1_071, 1_097, 1_130, 1_189, 1_315, 1_876, 2_734,
        4_083, 4_098, 4_142, 6_212, 14_050
    };
    private static final int[] COMPLETION = {
        7, 41, 54, 67, 77, 85, 91, 96, 103, 113, 129, 151, 177, 217, 384, 395, 400, 411, 424, 451, 540, 601, 954, 1_000
    };
    /** Means of the two, by the quantiles. */
    static final double MEAN_PROMPT = mean(PROMPT);

    static final double MEAN_COMPLETION = mean(COMPLETION);

    private TokenCounts() {}

    static int prompt(SplittableRandom random) {
        return draw(PROMPT, random);
    }

    static int completion(SplittableRandom random) {
        return draw(COMPLETION, random);
    }

    private static int draw(int[] quantiles, SplittableRandom random) {
        double share = random.nextDouble();
        int i = 1;
        while (SHARES[i] < share) {
            i++;
        }
        double within = (share - SHARES[i - 1]) / (SHARES[i] - SHARES[i - 1]);
        return (int) Math.round(quantiles[i - 1] + within * (quantiles[i] - quantiles[i - 1]));
    }

    private static double mean(int[] quantiles) {
        double mean = 0;
        for (int i = 1; i < quantiles.length; i++) {
            mean += (SHARES[i] - SHARES[i - 1]) * (quantiles[i - 1] + quantiles[i]) / 2;
        }
        return mean;
    }
}
