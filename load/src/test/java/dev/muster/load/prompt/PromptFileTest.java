package dev.muster.load.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptFileTest {
  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void inFolder() {
    file = folder.resolve("prompts.jsonl");
  }

  private String messages(String line) throws IOException {
    Files.writeString(file, line);
    return PromptFile.read(file.toString()).getFirst().messages().toString();
  }

  @Test
  void everyFormIsRead() throws IOException {
    var hello = "[{\"role\":\"user\",\"content\":\"hello\"}]";
    assertThat(messages("\"hello\"")).isEqualTo(hello);
    assertThat(messages("{\"prompt\": \"hello\"}")).isEqualTo(hello);
    assertThat(messages("{\"messages\": " + hello + ", \"model\": \"m\"}")).isEqualTo(hello);
    assertThat(
            messages(
                "{\"id\": \"x\", \"conversations\": [{\"from\": \"human\", \"value\": \"hello\"},"
                    + " {\"from\": \"gpt\", \"value\": \"hi\"}]}"))
        .as("an answer at the end is not asked")
        .isEqualTo(hello);
  }

  @Test
  void turnsBeforeTheLastQuestionStay() throws IOException {
    var turns =
        "[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"a\"},"
            + "{\"role\":\"assistant\",\"content\":\"b\"},"
            + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"c\"}]}]";
    assertThat(messages("{\"messages\": " + turns + "}")).isEqualTo(turns);
  }

  @Test
  void emptyLinesAreNoneAndALineMayBoundItsAnswer() throws IOException {
    Files.writeString(file, "\n{\"prompt\":\"a\",\"output_tokens\":7}\r\n\n\"b\"\n");
    var lines = PromptFile.read(file.toString());
    assertThat(lines).extracting(PromptFile.Line::answerTokens).containsExactly(7, null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello | not JSON; a prompt that is a text needs quotes around it",
        "{\"prompt\": \"a\" | not JSON; a prompt that is a text needs quotes around it",
        "7 | neither a text nor an object with \"prompt\", \"messages\" or \"conversations\"",
        "{\"text\": \"a\"} | neither a text nor an object with",
        "{\"messages\": [{\"role\": \"user\"}]} | each of its messages needs a \"role\"",
        "{\"messages\": []} | no message is the user's",
        "{\"messages\": [{\"role\": \"system\", \"content\": \"a\"}]} | no message is the user's",
        "{\"conversations\": [{\"from\": \"me\", \"value\": \"a\"}]} | \"from\" human, gpt or system, not \"me\"",
        "{\"prompt\": \"a\", \"output_tokens\": 0} | output_tokens must be a whole number from 1 on",
        "{\"prompt\": \"a\", \"output_tokens\": \"9\"} | output_tokens must be a whole number from 1",
      })
  void whatIsNoPromptIsRefusedAtItsLine(String line, String why) throws IOException {
    Files.writeString(file, "\"good\"\n\n" + line + "\n");
    assertThatThrownBy(() -> PromptFile.check(file.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file + ":3: ")
        .hasMessageContaining(why);
  }

  @Test
  void aFileWithoutPromptsOrThatIsNoneIsRefused() throws IOException {
    assertThatThrownBy(() -> PromptFile.check(file.toString()))
        .hasMessage(file + " can not be read");
    assertThatThrownBy(() -> PromptFile.check(folder.toString()))
        .hasMessage(folder + " can not be read");
    Files.writeString(file, "\n \n");
    assertThatThrownBy(() -> PromptFile.check(file.toString()))
        .hasMessage(file + " has no prompt: it needs one a line, in JSON");
    Files.write(file, new byte[] {'"', (byte) 0xff, '"'});
    assertThatThrownBy(() -> PromptFile.check(file.toString())).hasMessage(file + " is not UTF-8");
  }
}
