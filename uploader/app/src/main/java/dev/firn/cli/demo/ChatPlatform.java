package dev.firn.cli.demo;

import dev.firn.event.BudgetEvents;
import dev.firn.event.ConversationEvents;
import dev.firn.event.CortexEvents;
import dev.firn.event.Event;
import dev.firn.event.PermissionEvents;
import dev.firn.event.PriceEvents;
import dev.firn.event.SessionEvents;
import dev.firn.event.TenantEvents;
import dev.firn.event.UserEvents;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * Forty-five days of a simulated health-care chat platform: 20 tenants with users, roles and permissions, conversations
 * with messages, model calls with token counts as in production, prices and a price change, a tenant that overspends and
 * one that is suspended. Every fiftieth event is sent once more, every thousandth is followed by a malformed line.
 *
 * <p>The same seed and number of events give the same steps, byte for byte, so that a run that was cut off can be taken
 * up at any step. Not thread-safe.
 */
public final class ChatPlatform implements Iterator<Step> {
    /** The tenant whose budget is too small for what it does. */
    public static final int OVERSPENDING = 7;
    /** The tenant that comes near its budget. */
    public static final int NEAR_ITS_BUDGET = 11;
    /** The tenant that is suspended half-way. */
    public static final int SUSPENDED = 13;

    private static final int TENANTS = 20;
    private static final int USERS_PER_TENANT = 15;
    /** How many tenants' worth the overspending one does on top of its own. */
    private static final int EXTRA_SHARES = 2;

    private static final Instant START = Instant.parse("2026-10-05T00:00:00Z");
    private static final Duration PERIOD = Duration.ofDays(45);
    private static final int RESEND_EVERY = 50;
    private static final int MALFORMED_EVERY = 1_000;
    private static final int REMEMBERED = 500;
    private static final double CALLS_PER_EVENT = 0.3;
    private static final double DAYS_OF_A_MONTH = 30.0;
    private static final String[] ZONES = {
        "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
    };

    /** Models with their prices in US dollars per million tokens, input and output. */
    private enum Model {
        SONNET("claude-sonnet-4-5", "3", "15", 0.5),
        HAIKU("claude-haiku-4-5", "1", "5", 0.3),
        NEWEST("claude-sonnet-5", "2", "10", 0.2);

        final String id;
        final BigDecimal input;
        final BigDecimal output;
        final double share;

        Model(String id, String input, String output, double share) {
            this.id = id;
            this.input = new BigDecimal(input);
            this.output = new BigDecimal(output);
            this.share = share;
        }
    }

    private final SplittableRandom random;
    private final long events;
    private final Deque<Step> ready = new ArrayDeque<>();
    private final Deque<Event> upcoming = new ArrayDeque<>();
    private final List<Event> remembered = new ArrayList<>();
    private final MalformedLines malformed = new MalformedLines();
    private final Phrases phrases;
    private final Duration pace;
    private Instant now = START;
    private long generated;
    private long conversations;
    private boolean suspended;
    private boolean priceChanged;

    /**
     * @param seed   decides everything that chance decides
     * @param events how many events are generated, at least 1; what is resent and malformed comes on top
     */
    public ChatPlatform(long seed, long events) {
        if (events < 1) {
            throw new IllegalArgumentException("events must be at least 1: events=" + events);
        }
        this.random = new SplittableRandom(seed);
        this.phrases = new Phrases(random.split());
        this.events = events;
        this.pace = PERIOD.dividedBy(events);
        prices();
        for (int tenant = 1; tenant <= TENANTS; tenant++) {
            tenant(tenant);
        }
    }

    /** How many steps there are for so many events. */
    public static long steps(long events) {
        return events + resent(events) + malformed(events);
    }

    public static long resent(long events) {
        return events / RESEND_EVERY;
    }

    public static long malformed(long events) {
        return events / MALFORMED_EVERY;
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || generated < events;
    }

    @Override
    public Step next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + events + " events are generated");
        }
        if (ready.isEmpty()) {
            generate();
        }
        return ready.remove();
    }

    private void generate() {
        while (upcoming.isEmpty()) {
            somethingHappens();
        }
        Event event = upcoming.remove();
        generated++;
        ready.add(Step.generated(event));
        if (remembered.size() < REMEMBERED) {
            remembered.add(event);
        } else {
            remembered.set(random.nextInt(REMEMBERED), event);
        }
        if (generated % RESEND_EVERY == 0) {
            ready.add(Step.resent(remembered.get(random.nextInt(remembered.size()))));
        }
        if (generated % MALFORMED_EVERY == 0) {
            ready.add(Step.malformed(malformed.next()));
        }
    }

    private static String tenantId(int tenant) {
        return String.format(Locale.ROOT, "HCS%04d", tenant);
    }

    private Instant tick() {
        now = now.plus(pace.multipliedBy(random.nextInt(200)).dividedBy(100)).plusNanos(1_000);
        return now;
    }

    private void prices() {
        for (Model model : Model.values()) {
            upcoming.add(PriceEvents.set(model.id, model.input, model.output)
                    .actor("finance")
                    .occurredAt(tick())
                    .build());
        }
    }

    private void tenant(int tenant) {
        String id = tenantId(tenant);
        upcoming.add(TenantEvents.created(id, "Health Care System " + tenant)
                .databaseName(id + "_DB")
                .warehouseName(id + "_WH")
                .roleName(id + "_ROLE")
                .timezone(ZONES[tenant % ZONES.length])
                .monthlyCostLimit(monthlyLimit(tenant))
                .dailyTokenLimit(dailyTokenLimit())
                .actor("onboarding")
                .occurredAt(tick())
                .build());
        role(id, "role:admin", "conversation.*", "budget.*", "user.*");
        role(id, "role:user", "conversation.*");
        role(id, "role:viewer", "conversation.read");
        for (int user = 1; user <= USERS_PER_TENANT; user++) {
            user(id, user);
        }
    }

    private void role(String tenant, String role, String... permissions) {
        for (String permission : permissions) {
            upcoming.add(PermissionEvents.granted(tenant, role, permission)
                    .actor("onboarding")
                    .occurredAt(tick())
                    .build());
        }
    }

    private void user(String tenant, int number) {
        String user = "user-" + number;
        String role = number == 1 ? "admin" : number <= 12 ? "user" : "viewer";
        upcoming.add(UserEvents.added(tenant, user, role)
                .email(user + "@" + tenant.toLowerCase(Locale.ROOT) + ".example")
                .actor("user-1")
                .occurredAt(tick())
                .build());
        upcoming.add(PermissionEvents.inherited(
                        tenant, user, role.equals("viewer") ? "conversation.read" : "conversation.*", "role:" + role)
                .actor("user-1")
                .occurredAt(tick())
                .build());
        if (number == 12) {
            upcoming.add(PermissionEvents.denied(tenant, user, "conversation.*")
                    .reason("contract ended")
                    .actor("user-1")
                    .occurredAt(tick())
                    .build());
        }
    }

    private BigDecimal monthlyLimit(int tenant) {
        double cost = 0;
        for (Model model : Model.values()) {
            cost += model.share
                    * (model.input.doubleValue() * TokenCounts.MEAN_PROMPT
                            + model.output.doubleValue() * TokenCounts.MEAN_COMPLETION)
                    / 1e6;
        }
        double expected = cost * callsPerDay() * DAYS_OF_A_MONTH;
        double factor = tenant == OVERSPENDING ? 1.2 : tenant == NEAR_ITS_BUDGET ? 0.9 : 5;
        return BigDecimal.valueOf(Math.max(0.01, expected * factor)).setScale(2, RoundingMode.HALF_UP);
    }

    private long dailyTokenLimit() {
        double expected = (TokenCounts.MEAN_PROMPT + TokenCounts.MEAN_COMPLETION) * callsPerDay();
        return Math.max(1_000_000, Math.round(5 * expected));
    }

    private double callsPerDay() {
        return CALLS_PER_EVENT * events / (TENANTS + EXTRA_SHARES) / PERIOD.toDays();
    }

    private void somethingHappens() {
        boolean halfTime = now.isAfter(START.plus(PERIOD.dividedBy(2)));
        if (halfTime && !suspended) {
            suspended = true;
            upcoming.add(TenantEvents.suspended(tenantId(SUSPENDED))
                    .reason("unpaid invoice")
                    .actor("finance")
                    .occurredAt(tick())
                    .build());
        }
        if (halfTime && !priceChanged) {
            priceChanged = true;
            upcoming.add(PriceEvents.set(Model.NEWEST.id, new BigDecimal("3"), new BigDecimal("15"))
                    .validFrom(now)
                    .actor("finance")
                    .occurredAt(tick())
                    .build());
            upcoming.add(BudgetEvents.alertAcknowledged(tenantId(OVERSPENDING), "cost:2026-10", "WARNING")
                    .actor("user-1")
                    .occurredAt(tick())
                    .build());
        }
        int drawn = 1 + random.nextInt(TENANTS + EXTRA_SHARES);
        int tenant = drawn > TENANTS ? OVERSPENDING : drawn;
        if (tenant != SUSPENDED || !suspended) {
            conversation(tenantId(tenant), "user-" + (1 + random.nextInt(11)));
        }
    }

    private void conversation(String tenant, String user) {
        String id = "c-" + ++conversations;
        String session = "s-" + conversations;
        String model = model();
        upcoming.add(SessionEvents.started(tenant, session)
                .userAgent("firn-demo")
                .actor(user)
                .occurredAt(tick())
                .build());
        upcoming.add(ConversationEvents.started(tenant, id)
                .title(phrases.title())
                .model(model)
                .actor(user)
                .occurredAt(tick())
                .build());
        int turns = 1 + random.nextInt(6);
        for (int turn = 1; turn <= turns; turn++) {
            turn(tenant, user, id, session, model, turn);
        }
        if (random.nextInt(20) == 0) {
            upcoming.add(ConversationEvents.archived(tenant, id)
                    .actor(user)
                    .occurredAt(tick())
                    .build());
        }
        upcoming.add(SessionEvents.ended(tenant, session)
                .actor(user)
                .occurredAt(tick())
                .build());
    }

    private void turn(String tenant, String user, String conversation, String session, String model, int turn) {
        int prompt = TokenCounts.prompt(random);
        int completion = TokenCounts.completion(random);
        boolean hit = random.nextInt(100) < 15;
        boolean failed = !hit && random.nextInt(100) == 0;
        long latencyMs = hit ? 5 + random.nextInt(20) : 300 + 20L * completion;
        String question = phrases.question();
        String request = conversation + "-r" + turn;
        upcoming.add(ConversationEvents.messageSent(tenant, conversation, conversation + "-m" + (2 * turn - 1), "user")
                .text(question)
                .tokens(prompt)
                .actor(user)
                .occurredAt(tick())
                .build());
        CortexEvents call = failed
                ? CortexEvents.failed(tenant, request, "complete", model, prompt, 0)
                        .error("model overloaded")
                : CortexEvents.completed(tenant, request, "complete", model, prompt, completion);
        upcoming.add(call.cacheHit(hit)
                .latencyMs(latencyMs)
                .queryType("chat")
                .conversationId(conversation)
                .sessionId(session)
                .promptPreview(question)
                .actor(user)
                .occurredAt(tick())
                .build());
        if (!failed) {
            upcoming.add(
                    ConversationEvents.messageSent(tenant, conversation, conversation + "-m" + 2 * turn, "assistant")
                            .text(phrases.answer())
                            .parentMessageId(conversation + "-m" + (2 * turn - 1))
                            .tokens(completion)
                            .model(model)
                            .cached(hit)
                            .latencyMs(latencyMs)
                            .actor("assistant")
                            .occurredAt(tick())
                            .build());
        }
    }

    private String model() {
        double share = random.nextDouble();
        for (Model model : Model.values()) {
            share -= model.share;
            if (share < 0) {
                return model.id;
            }
        }
        return Model.SONNET.id;
    }
}
