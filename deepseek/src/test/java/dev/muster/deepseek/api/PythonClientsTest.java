package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.chat.TokenChain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's Python SDK and LiteLLM, as they are published, against the service. */
@EnabledIf(
    value = "installed",
    disabledReason = "needs /usr/bin/etcd and python3 with pip: etcd-server, python3-pip")
class PythonClientsTest {
  private static final Path CLIENTS = Path.of("src/test/resources/clients");
  private static final Path SITE = Path.of("target/clients");

  @TempDir private Path folder;

  static boolean installed() {
    try {
      return LocalEtcd.installed() && run(List.of("python3", "-m", "pip", "--version")).exit() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private record Ended(int exit, String output) {}

  @Test
  void theyGetWhatTheyAskFor() throws Exception {
    install();
    var chain = new TokenChain("python");
    var text = chain.next() + chain.next() + chain.next();
    try (var service =
        new LocalService(
            folder,
            Map.of("DECODE_TOKENS_PER_SECOND", "2000"),
            Map.of("API_KEYS", "sk-1,sk-poor:0"))) {
      var ended =
          run(List.of("python3", CLIENTS.resolve("clients.py").toString(), service.url(""), text));
      assertThat(ended.exit()).as(ended.output()).isZero();
      assertThat(ended.output()).contains("openai", "litellm");
    }
  }

  /** What is there of the same requirements is used again. */
  private static void install() throws IOException, InterruptedException {
    var requirements = CLIENTS.resolve("requirements.txt");
    var done = SITE.resolve("done");
    if (Files.exists(done) && Files.mismatch(done, requirements) < 0) {
      return;
    }
    var pip = new ArrayList<>(List.of("python3", "-m", "pip", "install", "--quiet"));
    pip.addAll(List.of("--no-deps", "--no-compile", "--only-binary=:all:", "--upgrade"));
    pip.addAll(List.of("--target", SITE.toString(), "-r", requirements.toString()));
    var ended = run(pip);
    assertThat(ended.exit()).as(ended.output()).isZero();
    Files.copy(requirements, done);
  }

  private static Ended run(List<String> command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "PYTHONPATH", SITE.toAbsolutePath().toString(),
                "PYTHONDONTWRITEBYTECODE", "1",
                // prices and models come with the package; it looks for newer ones elsewhere
                "LITELLM_LOCAL_MODEL_COST_MAP", "True",
                "NO_PROXY", "127.0.0.1"));
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }
}
