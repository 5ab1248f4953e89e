package dev.firn.snowflake;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Private keys as the page "Key-pair authentication" (docs.snowflake.com) has them made by OpenSSL: PKCS#8 in PEM, plain or
 * encrypted with any of OpenSSL's ciphers.
 */
public final class PrivateKeys {
    private static final long COMMAND_WITHIN_S = 30;
    private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

    private PrivateKeys() {}

    /**
     * @param passphrase null for a key that is not encrypted
     * @throws AccountException if the file cannot be read, is no RSA key, or the passphrase does not fit
     */
    public static PrivateKey ofFile(Path file, @Nullable Secret passphrase) {
        try {
            return parse(Files.readString(file, StandardCharsets.US_ASCII), passphrase, "file=" + file);
        } catch (IOException e) {
            throw new AccountException("cannot read the private key: file=" + file, e);
        }
    }

    /**
     * The key that a command prints, such as the client of a key vault. The command runs in a shell, for 30 s at most; what it
     * writes to its standard error goes to ours.
     *
     * @throws AccountException if it fails, or prints no key
     */
    public static PrivateKey ofCommand(String command, @Nullable Secret passphrase) {
        try {
            Process process = new ProcessBuilder(List.of("/bin/sh", "-c", command))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!process.waitFor(COMMAND_WITHIN_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AccountException(
                        "the command for the private key did not end within " + COMMAND_WITHIN_S + " s", null);
            }
            if (process.exitValue() != 0) {
                throw new AccountException("the command for the private key failed: exit=" + process.exitValue(), null);
            }
            return parse(printed, passphrase, "printed by the command");
        } catch (IOException e) {
            throw new AccountException("cannot run the command for the private key", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AccountException("interrupted while waiting for the private key", e);
        }
    }

    private static PrivateKey parse(String pem, @Nullable Secret passphrase, String where) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            Object read = parser.readObject();
            PrivateKey key = new JcaPEMKeyConverter().getPrivateKey(info(read, passphrase, where));
            if (!(key instanceof RSAPrivateCrtKey)) {
                throw new AccountException(
                        "the private key is no RSA key: algorithm=" + key.getAlgorithm() + ' ' + where, null);
            }
            return key;
        } catch (IOException e) {
            // Not as the cause: parsers quote what they read.
            throw new AccountException(
                    "the private key is no PKCS#8 in PEM: length=" + pem.length() + ' ' + where, null);
        }
    }

    private static PrivateKeyInfo info(@Nullable Object read, @Nullable Secret passphrase, String where) {
        if (read instanceof PrivateKeyInfo plain) {
            return plain;
        }
        if (read instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
        }
        if (read instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            if (passphrase == null) {
                throw new AccountException(
                        "the private key is encrypted: set SNOWFLAKE_PRIVATE_KEY_PASSPHRASE in the environment: "
                                + where,
                        null);
            }
            try {
                return encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(PROVIDER)
                        .build(passphrase.reveal().toCharArray()));
            } catch (PKCSException | OperatorCreationException e) {
                throw new AccountException(
                        "the private key cannot be decrypted, SNOWFLAKE_PRIVATE_KEY_PASSPHRASE does not fit: " + where,
                        null);
            }
        }
        throw new AccountException("there is no private key: " + where, null);
    }
}
