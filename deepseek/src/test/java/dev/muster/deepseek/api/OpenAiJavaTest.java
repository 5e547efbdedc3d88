package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.chat.TokenChain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own Java client, which refuses what is not of its types. */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class OpenAiJavaTest {
  @TempDir private static Path folder;
  private static LocalService service;
  private static OpenAIClient client;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeAll
  static void start() throws IOException {
    service =
        new LocalService(
            folder, Map.of("DECODE_TOKENS_PER_SECOND", "2000"), Map.of("API_KEYS", "sk-1"));
    client = client("/v1", "sk-1");
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
  }

  private static OpenAIClient client(String path, String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(service.url(path))
        .apiKey(key)
        .maxRetries(0)
        .responseValidation(true)
        .build();
  }

  private static ChatCompletionCreateParams.Builder ask(String prompt) {
    return ChatCompletionCreateParams.builder()
        .model("deepseek-v4-pro")
        .putAdditionalBodyProperty("thinking", JsonValue.from(Map.of("type", "disabled")))
        .addUserMessage(prompt);
  }

  private static String chain(String prompt, int tokens) {
    var chain = new TokenChain(prompt);
    return IntStream.range(0, tokens).mapToObj(_ -> chain.next()).collect(Collectors.joining());
  }

  @Test
  void aWholeAnswerAndAStreamSayTheSame() {
    var params = ask("java").maxCompletionTokens(5).build();
    var whole = client.chat().completions().create(params);
    assertThat(whole.choices().getFirst().message().content()).contains(chain("java", 5));
    assertThat(whole.choices().getFirst().finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
    assertThat(whole.usage().orElseThrow().completionTokens()).isEqualTo(5);
    try (var stream = client.chat().completions().createStreaming(params)) {
      assertThat(
              stream.stream()
                  .map(chunk -> chunk.choices().getFirst().delta().content().orElse(""))
                  .collect(Collectors.joining()))
          .isEqualTo(chain("java", 5));
    }
  }

  @Test
  void aFunctionIsCalled() {
    var parameters =
        FunctionParameters.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .putAdditionalProperty(
                "properties", JsonValue.from(Map.of("place", Map.of("type", "string"))))
            .putAdditionalProperty("required", JsonValue.from(List.of("place")))
            .build();
    var answer =
        client
            .chat()
            .completions()
            .create(
                ask("weather")
                    .addFunctionTool(
                        FunctionDefinition.builder().name("f").parameters(parameters).build())
                    .build());
    var choice = answer.choices().getFirst();
    assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    var call = choice.message().toolCalls().orElseThrow().getFirst().asFunction();
    assertThat(call.function().name()).isEqualTo("f");
    assertThat(Json.parse(call.function().arguments()).path("place").isString()).isTrue();
  }

  @Test
  void probabilitiesHaveTheirShape() {
    var answer =
        client
            .chat()
            .completions()
            .create(ask("p").logprobs(true).topLogprobs(3).maxCompletionTokens(2).build());
    var tokens = answer.choices().getFirst().logprobs().orElseThrow().content().orElseThrow();
    assertThat(tokens).hasSize(2);
    assertThat(tokens.getFirst().topLogprobs()).hasSize(3);
  }

  @Test
  void theMiddleIsFilledIn() {
    var beta = client("/beta", "sk-1");
    var answer =
        beta.completions()
            .create(
                CompletionCreateParams.builder()
                    .model("deepseek-v4-pro")
                    .prompt("def f():")
                    .suffix("  return x")
                    .maxTokens(3)
                    .build());
    assertThat(answer.choices().getFirst().text()).isEqualTo(chain("def f():", 3));
    beta.close();
  }

  @Test
  void errorsAreKnownAsWhatTheyAre() {
    assertThatThrownBy(() -> client.chat().completions().create(ask("two").n(2).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("only n = 1");
    var stranger = client("/v1", "sk-2");
    assertThatThrownBy(() -> stranger.models().list()).isInstanceOf(UnauthorizedException.class);
    stranger.close();
    // DeepSeek's models have no `created`, which this client asks for where it validates
    var lenient = client.withOptions(options -> options.responseValidation(false));
    assertThat(lenient.models().list().items()).hasSize(5);
  }
}
