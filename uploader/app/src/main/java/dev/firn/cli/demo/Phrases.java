package dev.firn.cli.demo;

import java.util.Locale;
import java.util.SplittableRandom;

/** What the simulated people and models say about health plans. */
final class Phrases {
    private static final String[] TOPICS = {
        "a flu shot",
        "physical therapy",
        "an MRI scan",
        "a new pair of glasses",
        "insulin",
        "a dental check-up",
        "a hearing aid",
        "an ambulance ride",
        "a second opinion",
        "blood pressure medication"
    };
    private static final String[] QUESTIONS = {
        "Is %s covered by my plan?",
        "How much of %s do I pay myself?",
        "Do I need a referral for %s?",
        "Where can I get %s near me?",
        "Qu'est-ce que je paie pour %s ? Merci \uD83D\uDE42"
    };
    private static final String[] ANSWERS = {
        "Your plan covers %s after the deductible; your share is 20 %% of the allowed amount.",
        "You do not need a referral for %s as long as the provider is in the network.",
        "For %s, call the number on the back of your card, and have your member number at hand.",
        "The plan pays for %s once a calendar year. Further visits need an approval in advance."
    };

    private final SplittableRandom random;

    Phrases(SplittableRandom random) {
        this.random = random;
    }

    String title() {
        return "About " + pick(TOPICS);
    }

    String question() {
        return String.format(Locale.ROOT, pick(QUESTIONS), pick(TOPICS));
    }

    String answer() {
        return String.format(Locale.ROOT, pick(ANSWERS), pick(TOPICS));
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
