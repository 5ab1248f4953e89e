package dev.firn.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Says who is asking: verifies the assertions that users sign with their keys (RFC 7519, RS256, and the page "Key-pair
 * authentication", docs.snowflake.com), and the tokens that it gave out itself.
 *
 * <p><b>Threads.</b> Any.
 */
final class Tokens {
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final String BEARER = "Bearer ";
    private static final String ISSUER = "firn-emulator";

    private final Map<String, PublicKey> users;
    private final Clock clock;
    private final KeyPair own = Keys.generate();
    private final AtomicLong generation = new AtomicLong();

    /** @param users public keys by name in upper case */
    Tokens(Map<String, PublicKey> users, Clock clock) {
        this.users = Map.copyOf(users);
        this.clock = clock;
    }

    /** Everything that was given out is worth nothing from now on. */
    void expire() {
        generation.incrementAndGet();
    }

    /**
     * The user who signed this assertion.
     *
     * @throws Refusal if nobody who is known did, or it has expired
     */
    String verifyAssertion(@Nullable String assertion) {
        JsonNode claims = claims(assertion);
        String[] subject = claims.path("sub").asText().split("\\.", 2);
        String user = subject.length < 2 ? "" : subject[1].toUpperCase(Locale.ROOT);
        PublicKey key = users.get(user);
        if (key == null) {
            throw refused("no such user: " + user);
        }
        if (!claims.path("iss").asText().equals(claims.path("sub").asText() + '.' + Keys.fingerprint(key))) {
            throw refused("the issuer must be ACCOUNT.USER.SHA256:fingerprint of the user's key: user=" + user);
        }
        verify(String.valueOf(assertion), key, user);
        requireUnexpired(claims);
        return user;
    }

    /** A token for a user who was verified. */
    String issue(String user) {
        ObjectNode claims = Json.object()
                .put("iss", ISSUER)
                .put("sub", user)
                .put("gen", generation.get())
                .put("exp", clock.instant().plus(LIFETIME).getEpochSecond());
        String signed = encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + '.' + encode(claims.toString());
        return signed + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(sign(signed, own.getPrivate()));
    }

    /**
     * The user to whom the token of this header was given, or who signed it himself.
     *
     * @throws Refusal if it is none of ours, or has expired
     */
    String verifyBearer(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith(BEARER)) {
            throw refused("the header Authorization must hold a bearer token");
        }
        String token = authorization.substring(BEARER.length());
        JsonNode claims = claims(token);
        if (!claims.path("iss").asText().equals(ISSUER)) {
            return verifyAssertion(token);
        }
        verify(token, own.getPublic(), ISSUER);
        requireUnexpired(claims);
        if (claims.path("gen").longValue() != generation.get()) {
            throw refused("the token has expired");
        }
        return claims.path("sub").asText();
    }

    private void requireUnexpired(JsonNode claims) {
        if (claims.path("exp").longValue() <= clock.instant().getEpochSecond()) {
            throw refused("the token has expired");
        }
    }

    private static JsonNode claims(@Nullable String token) {
        String[] parts = token == null ? new String[0] : token.split("\\.", -1);
        if (parts.length != 3) {
            throw refused("no token of three parts");
        }
        try {
            if (!Json.MAPPER.readTree(decode(parts[0])).path("alg").asText().equals("RS256")) {
                throw refused("the token must be signed with RS256");
            }
            return Json.MAPPER.readTree(decode(parts[1]));
        } catch (IOException | IllegalArgumentException e) {
            throw refused("no token in JSON and Base64");
        }
    }

    private static void verify(String token, PublicKey key, String user) {
        int end = token.lastIndexOf('.');
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
            if (!signature.verify(decode(token.substring(end + 1)))) {
                throw refused("the signature is not that of the user's key: user=" + user);
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw refused("the signature cannot be read: user=" + user);
        }
    }

    private static byte[] sign(String text, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA256withRSA", e);
        }
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] decode(String base64) {
        return Base64.getUrlDecoder().decode(base64);
    }

    private static Refusal refused(String why) {
        return new Refusal(401, "390144", "JWT token is invalid: " + why);
    }
}
