package dev.firn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActionCatalogTest {
    private static final Instant AT = Instant.parse("2026-11-20T09:30:00Z");
    private static final List<Class<?>> BUILDERS = List.of(
            TenantEvents.class,
            UserEvents.class,
            PermissionEvents.class,
            SessionEvents.class,
            ConversationEvents.class,
            CortexEvents.class,
            BudgetEvents.class,
            ConfigEvents.class,
            InsightEvents.class,
            QueryEvents.class,
            PriceEvents.class);

    private static Stream<Method> factories() {
        return BUILDERS.stream()
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> Modifier.isStatic(method.getModifiers()) && Modifier.isPublic(method.getModifiers()));
    }

    /** Calls a factory with a fitting value for each parameter, by trying the words that some attribute allows. */
    private static Event call(Method factory) throws ReflectiveOperationException {
        for (String word : List.of("text", "user", "complete", "WARNING", "grant")) {
            List<Object> arguments = new ArrayList<>();
            for (Class<?> type : factory.getParameterTypes()) {
                arguments.add(type == long.class ? (Object) 1L : type == BigDecimal.class ? BigDecimal.ONE : word);
            }
            ActionBuilder<?> builder = (ActionBuilder<?>) factory.invoke(null, arguments.toArray());
            builder.actor("a").occurredAt(AT);
            try {
                return builder.build();
            } catch (InvalidEventException e) {
                if (e.reason() != Reason.BAD_FORMAT) {
                    throw e;
                }
            }
        }
        throw new AssertionError("no word fits " + factory);
    }

    @Test
    void everyActionOfApplicationsHasATypedBuilder() throws ReflectiveOperationException {
        Set<String> built = new TreeSet<>();
        for (Method factory : factories().toList()) {
            built.add(call(factory).action());
        }

        Set<String> known = new TreeSet<>();
        ActionCatalog.all().stream()
                .map(ActionSpec::action)
                .filter(action -> !Rules.isSystemAction(action))
                .forEach(known::add);
        assertThat(built).isEqualTo(known).hasSize(42);
    }

    @ParameterizedTest
    @MethodSource("factories")
    void aTypedBuilderSetsTheObjectOfItsAction(Method factory) throws ReflectiveOperationException {
        Event event = call(factory);

        assertThat(event.objectType())
                .isEqualTo(ActionCatalog.get(event.action()).objectType());
        assertThat(event.isAdmissible()).isTrue();
    }

    @Test
    void aMissingRequiredAttributeIsRefusedByName() {
        for (ActionSpec spec : ActionCatalog.all()) {
            for (AttributeSpec attribute : spec.attributes()) {
                if (attribute.required()) {
                    assertThatThrownBy(() -> attribute.check(null))
                            .isInstanceOf(InvalidEventException.class)
                            .hasMessage("attributes." + attribute.name() + ": is required");
                }
            }
        }
    }

    @Test
    void aRequiredAttributeMayNotBeTakenAway() {
        assertThatThrownBy(() -> TenantEvents.created("T1", "Clinic")
                        .actor("a")
                        .occurredAt(AT)
                        .attribute("org_name", null)
                        .build())
                .hasMessage("attributes.org_name: is required");
    }

    @Test
    void aRoleOutsideTheListIsRefusedWithoutBeingShown() {
        assertThatThrownBy(() -> UserEvents.added("T1", "u", "root")
                        .actor("a")
                        .occurredAt(AT)
                        .build())
                .hasMessage("attributes.role: must be one of admin, user, viewer");
    }

    @Test
    void moneyOutsideItsRangeIsRefused() {
        for (String money : List.of("100000000", "1e3", "0.12345678901", "1_000", "", "NaN")) {
            assertThatThrownBy(() -> TenantEvents.limitsChanged("T1")
                            .attribute("monthly_cost_limit", money)
                            .actor("a")
                            .occurredAt(AT)
                            .build())
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("attributes.monthly_cost_limit: must be a plain decimal");
        }
    }

    @Test
    void anExpiryIsWrittenInUtc() {
        Event event = PermissionEvents.granted("T1", "u", "conversation.*")
                .expiresAt(Instant.parse("2027-01-01T00:00:00Z"))
                .actor("a")
                .occurredAt(AT)
                .build();

        assertThat(event.canonical()).contains("\"expires_at\":\"2027-01-01T00:00:00.000000Z\"");
    }

    @Test
    void textThatAPersonTypedBecomesTheKindOfItsAttribute() {
        assertThat(ActionCatalog.get("tenant.created").attributes())
                .filteredOn(attribute -> attribute.name().equals("daily_token_limit"))
                .singleElement()
                .satisfies(attribute -> {
                    assertThat(attribute.fromText("17")).isEqualTo(17L);
                    assertThat(attribute.fromText("many")).isEqualTo("many");
                });
    }
}
