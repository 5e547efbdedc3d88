package dev.muster.cluster.connect;

import dev.muster.source.Trouble;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program that a kubeconfig names for a user's credentials, run as kubectl runs it: with its
 * words as they stand and never by a shell, which is what the client library would do.
 *
 * @param file the kubeconfig, for messages and for paths
 * @param command its words; the first is a name on the PATH or a path
 * @param env added to Muster's own
 * @param info {@code KUBERNETES_EXEC_INFO}
 * @param hint how to get the program, empty where nobody says
 * @param config the kubeconfig's context without the program
 */
record ExecProgram(
    Path file,
    String user,
    List<String> command,
    Map<String, String> env,
    String info,
    String hint,
    String config) {
  /** Long enough for somebody to log in by a browser. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int LARGEST = 1 << 20;

  /** Letters of its last words. */
  private static final int LAST_WORDS = 500;

  /**
   * What it gave. Secret: told to nobody.
   *
   * @param certificate PEM; null where there is none, as the key then is
   * @param until when it ends; null where nobody says
   */
  record Credential(
      @Nullable String token,
      @Nullable String certificate,
      @Nullable String key,
      @Nullable Instant until) {
    @Override
    public String toString() {
      return "a credential until " + until;
    }
  }

  /** Its first word, for messages. */
  String name() {
    return command.getFirst();
  }

  /**
   * Runs it. What it says on standard error is passed on while it runs.
   *
   * @throws ClusterException if it gives no credential within the limit, with its own words
   */
  Credential ask(Duration limit, PrintStream errors) {
    Process process = start();
    var output = new ByteArrayOutputStream();
    var words = new ByteArrayOutputStream();
    Thread stdout = Thread.ofVirtual().start(() -> copy(process.getInputStream(), output, null));
    Thread stderr = Thread.ofVirtual().start(() -> copy(process.getErrorStream(), words, errors));
    try {
      process.getOutputStream().close(); // nobody is there to be asked
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw wrong("gave no credentials within " + limit.toSeconds() + " s", words);
      }
      stdout.join(limit);
      stderr.join(Duration.ofSeconds(1)); // a child of its own may hold it open
    } catch (IOException e) {
      throw wrong("can not be spoken with: " + Trouble.why(e), words);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw wrong("was interrupted", words);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw wrong("ended with exit code " + process.exitValue(), words);
    }
    return credential(text(output), words);
  }

  private Process start() {
    var words = new ArrayList<>(command);
    if (name().contains("/")) {
      words.set(0, file.toAbsolutePath().resolveSibling(name()).toString());
    }
    var builder = new ProcessBuilder(words);
    builder.environment().putAll(env);
    builder.environment().put("KUBERNETES_EXEC_INFO", info);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new ClusterException(
          "%s: the program %s of user %s can not be run: %s%s"
              .formatted(file, name(), user, Trouble.why(e), hint.isEmpty() ? "" : "; " + hint));
    }
  }

  private static void copy(InputStream from, ByteArrayOutputStream to, @Nullable PrintStream also) {
    byte[] buffer = new byte[4096];
    try (from) {
      for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
        if (also != null) {
          also.write(buffer, 0, n);
          also.flush();
        }
        synchronized (to) {
          if (to.size() < LARGEST) {
            to.write(buffer, 0, n);
          }
        }
      }
    } catch (IOException e) {
      // it was ended: what it said until then is there
    }
  }

  private Credential credential(String said, ByteArrayOutputStream words) {
    JsonNode answer;
    try {
      answer = JsonMapper.shared().readTree(said);
    } catch (JacksonException e) {
      throw wrong("gave no credentials: what it printed is not JSON", words);
    }
    if (!answer.path("kind").asString("").equals("ExecCredential")) {
      throw wrong("gave no credentials: what it printed is no ExecCredential", words);
    }
    JsonNode status = answer.path("status");
    String token = text(status, "token");
    String certificate = text(status, "clientCertificateData");
    String key = text(status, "clientKeyData");
    if (token == null && certificate == null) {
      throw wrong("gave no credentials: no token and no certificate", words);
    }
    if ((certificate == null) != (key == null)) {
      throw wrong("gave a certificate or a key without the other", words);
    }
    return new Credential(token, certificate, key, until(status, words));
  }

  private @Nullable Instant until(JsonNode status, ByteArrayOutputStream words) {
    String until = text(status, "expirationTimestamp");
    try {
      return until == null ? null : java.time.OffsetDateTime.parse(until).toInstant();
    } catch (DateTimeParseException e) {
      throw wrong("gave an expirationTimestamp that is no time", words);
    }
  }

  private static @Nullable String text(JsonNode of, String field) {
    String text = Kubeconfig.word(of, field);
    return text.isEmpty() ? null : text;
  }

  private static String text(ByteArrayOutputStream bytes) {
    synchronized (bytes) {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  private ClusterException wrong(String what, ByteArrayOutputStream said) {
    String words = text(said).strip().replaceAll("\\p{Cntrl}+", " ");
    String last = words.substring(Math.max(0, words.length() - LAST_WORDS));
    return new ClusterException(
        "%s: the program %s of user %s %s; %s"
            .formatted(
                file,
                name(),
                user,
                what,
                last.isEmpty() ? "run it by hand to see why" : "it says: " + last));
  }
}
