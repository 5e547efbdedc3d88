package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.chat.ChatRequest;
import dev.muster.deepseek.wire.chat.Chunk;
import dev.muster.deepseek.wire.chat.Fim;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** One of the ways in which a client asks; within the service each is a chat. */
enum Front {
  CHAT {
    @Override
    Asked read(byte[] body) {
      var chat = ChatRequest.parse(body);
      if (!chat.prefix().isEmpty()) {
        throw ApiError.invalidFormat(
            "prefix is only available when using beta api (set"
                + " base_url=\"https://api.deepseek.com/beta\")");
      }
      return asked(body, chat);
    }
  },
  BETA_CHAT {
    @Override
    Asked read(byte[] body) {
      return asked(body, ChatRequest.parse(body));
    }
  },
  FIM {
    @Override
    Asked read(byte[] body) {
      var fim = Fim.parse(body);
      var chat = fim.chat();
      return new Asked(chat, ChatRequest.parse(chat), chunk -> formed(fim, chunk), fim::whole);
    }
  };

  /** A client's request. */
  static final class Asked {
    private final byte[] body;
    private final ChatRequest chat;
    private final UnaryOperator<Chunk> chunk;
    private final UnaryOperator<String> whole;

    private Asked(
        byte[] body, ChatRequest chat, UnaryOperator<Chunk> chunk, UnaryOperator<String> whole) {
      this.body = body;
      this.chat = chat;
      this.chunk = chunk;
      this.whole = whole;
    }

    /** Of the chat that a worker is asked for. */
    byte[] body() {
      return body;
    }

    ChatRequest chat() {
      return chat;
    }

    /** Makes a chunk of the client's answer of one of the chat. */
    UnaryOperator<Chunk> chunk() {
      return chunk;
    }

    /** The same for an answer that is not streamed. */
    UnaryOperator<String> whole() {
      return whole;
    }
  }

  /**
   * @throws ApiError 400 or 422
   */
  abstract Asked read(byte[] body);

  private static Chunk formed(Fim fim, Chunk chunk) {
    return new Chunk(fim.chunk(chunk.toString()).getBytes(StandardCharsets.UTF_8));
  }

  private static Asked asked(byte[] body, ChatRequest chat) {
    return new Asked(body, chat, UnaryOperator.identity(), UnaryOperator.identity());
  }
}
