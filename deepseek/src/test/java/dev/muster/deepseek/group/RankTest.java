package dev.muster.deepseek.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RankTest {
  private ServerSocket server;
  private Link link;
  private Rank rank;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    link = new Link(new Socket(server.getInetAddress(), server.getLocalPort()));
    rank = new Rank(1, link);
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    server.close();
  }

  @Test
  void whoHasDoneItsPartIsNeverSilent() throws IOException {
    assertThat(rank.silent(10, 1_000)).isFalse();
    rank.begin(1, 1_000);
    rank.done(1, 1_005);
    assertThat(rank.has(1)).isTrue();
    assertThat(rank.silent(10, 9_000)).isFalse();
    assertThat(rank.silent(10, 9_001)).isFalse();
  }

  @Test
  void itsSilenceBeginsWithTheFirstStepThatItOwes() throws IOException {
    rank.begin(1, 1_000);
    rank.begin(2, 1_009);
    assertThat(rank.silent(10, 1_010)).isFalse();
    assertThat(rank.silent(10, 1_011)).as("late once").isFalse();
    assertThat(rank.silent(10, 1_012)).as("and still").isTrue();
  }

  @Test
  void anAnswerThatIsReadLateIsAnAnswer() throws IOException {
    rank.begin(1, 1_000);
    assertThat(rank.silent(10, 9_000)).as("the leader was frozen").isFalse();
    rank.done(1, 9_001);
    rank.begin(2, 9_002);
    assertThat(rank.silent(10, 9_013)).isFalse();
  }
}
