package dev.firn.snowflake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnowflakeAccountTest {
    private static final PrivateKey KEY = rsa();
    private static final String PASSPHRASE = "correct horse";

    @TempDir
    Path directory;

    private final Map<String, String> settings = new HashMap<>();

    private static PrivateKey rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair().getPrivate();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }

    private Path encrypted(ASN1ObjectIdentifier cipher) throws Exception {
        PemObject encrypted = new JcaPKCS8Generator(
                        KEY,
                        new JceOpenSSLPKCS8EncryptorBuilder(cipher)
                                .setProvider(new BouncyCastleProvider())
                                .setPassword(PASSPHRASE.toCharArray())
                                .build())
                .generate();
        return Files.writeString(directory.resolve("encrypted.p8"), pem(encrypted.getType(), encrypted.getContent()));
    }

    @BeforeEach
    void good() throws IOException {
        Path file = Files.writeString(directory.resolve("key.p8"), pem("PRIVATE KEY", KEY.getEncoded()));
        settings.put("SNOWFLAKE_ACCOUNT", "MYORG-MYACCOUNT");
        settings.put("SNOWFLAKE_USER", "FIRN_UPLOADER");
        settings.put("SNOWFLAKE_PRIVATE_KEY_FILE", file.toString());
    }

    private SnowflakeAccount account() {
        return SnowflakeAccount.of(name -> Optional.ofNullable(settings.get(name)));
    }

    private static String base64(PrivateKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    @Test
    void accountUserAndKeyAreEnough() {
        SnowflakeAccount account = account();

        assertThat(account.url()).isEqualTo("https://myorg-myaccount.snowflakecomputing.com:443");
        assertThat(account.database()).isEqualTo("FIRN");
        assertThat(account.warehouse()).isEqualTo("FIRN_WH");
        assertThat(account.role()).isEmpty();
        assertThat(account.privateKey().reveal()).isEqualTo(base64(KEY));
    }

    @Test
    void anEncryptedKeyIsReadWithThePassphrase() throws Exception {
        settings.put("SNOWFLAKE_PRIVATE_KEY_PASSPHRASE", PASSPHRASE);
        for (ASN1ObjectIdentifier cipher :
                new ASN1ObjectIdentifier[] {PKCS8Generator.AES_256_CBC, PKCS8Generator.DES3_CBC}) {
            settings.put("SNOWFLAKE_PRIVATE_KEY_FILE", encrypted(cipher).toString());
            assertThat(account().privateKey().reveal()).isEqualTo(base64(KEY));
        }
    }

    @Test
    void aMissingOrWrongPassphraseIsSaidWithoutShowingIt() throws Exception {
        settings.put(
                "SNOWFLAKE_PRIVATE_KEY_FILE",
                encrypted(PKCS8Generator.AES_256_CBC).toString());
        assertThatThrownBy(this::account)
                .isInstanceOf(AccountException.class)
                .hasMessageContaining("set SNOWFLAKE_PRIVATE_KEY_PASSPHRASE");

        settings.put("SNOWFLAKE_PRIVATE_KEY_PASSPHRASE", "wrong battery");
        assertThatThrownBy(this::account).hasMessageContaining("does not fit").hasMessageNotContaining("battery");
    }

    @Test
    void aCommandPrintsTheKey() {
        settings.put("SNOWFLAKE_PRIVATE_KEY_COMMAND", "cat '" + settings.remove("SNOWFLAKE_PRIVATE_KEY_FILE") + "'");

        assertThat(account().privateKey().reveal()).isEqualTo(base64(KEY));
    }

    @Test
    void aCommandThatFailsIsReportedWithItsExitStatus() {
        settings.remove("SNOWFLAKE_PRIVATE_KEY_FILE");
        settings.put("SNOWFLAKE_PRIVATE_KEY_COMMAND", "exit 3");

        assertThatThrownBy(this::account).hasMessageContaining("exit=3");
    }

    @Test
    void theKeyIsGivenExactlyOnce() {
        settings.put("SNOWFLAKE_PRIVATE_KEY_COMMAND", "cat key");
        assertThatThrownBy(this::account).hasMessageContaining("give the private key once");

        settings.keySet().removeIf(name -> name.contains("PRIVATE_KEY"));
        assertThatThrownBy(this::account).hasMessageContaining("give the private key once");
    }

    @Test
    void aFileThatHoldsNoKeyIsRefusedWithoutQuotingIt() throws IOException {
        Path file = Files.writeString(directory.resolve("note.txt"), "my secret note");
        settings.put("SNOWFLAKE_PRIVATE_KEY_FILE", file.toString());

        assertThatThrownBy(this::account).hasMessageContaining("no private key").hasMessageNotContaining("secret");
    }

    @Test
    void whatIsMissingOrMalformedIsNamed() {
        for (Map.Entry<String, String> wrong : Map.of(
                        "SNOWFLAKE_ACCOUNT", "my org",
                        "SNOWFLAKE_HOST", "localhost",
                        "SNOWFLAKE_PORT", "0",
                        "SNOWFLAKE_PROTOCOL", "ftp",
                        "SNOWFLAKE_DATABASE", "FIRN; DROP")
                .entrySet()) {
            String before = settings.put(wrong.getKey(), wrong.getValue());
            assertThatThrownBy(this::account).hasMessageContaining(wrong.getKey() + " must be");
            settings.remove(wrong.getKey());
            if (before != null) {
                settings.put(wrong.getKey(), before);
            }
        }
        settings.put("SNOWFLAKE_USER", "");
        assertThatThrownBy(this::account).hasMessageContaining("SNOWFLAKE_USER is not set");
    }

    @Test
    void plainHttpIsForThisMachineOnly() {
        settings.put("SNOWFLAKE_PROTOCOL", "http");
        assertThatThrownBy(this::account).hasMessageContaining("emulator");

        settings.put("SNOWFLAKE_HOST", "127.0.0.1");
        settings.put("SNOWFLAKE_PORT", "8080");
        assertThat(account().url()).isEqualTo("http://127.0.0.1:8080");
    }

    @Test
    void neitherAccountNorSecretPrintsTheKey() {
        assertThat(account().toString() + account().privateKey())
                .contains("FIRN_UPLOADER")
                .doesNotContain(base64(KEY).substring(0, 20));
    }
}
