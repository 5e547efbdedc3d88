package dev.muster.deepseek.worker;

import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * A prompt as the engine sees it: so many tokens, and a name for each of its full blocks. The name
 * is a hash of all text from the beginning to the block's end, so that two prompts share names as
 * far as they begin alike and no further.
 */
final class Prompt {
  /** Tenths of a token in a block; text is weighed as {@code ChatRequest} weighs it. */
  private static final int BLOCK_WEIGHT = 10 * KvCache.BLOCK;

  private final int tokens;
  private final long[] names;

  private Prompt(int tokens, long... names) {
    this.tokens = tokens;
    this.names = names;
  }

  /** One that shares nothing with any other. */
  static Prompt unknown(int tokens) {
    return new Prompt(tokens);
  }

  /**
   * @param tokens as they were counted of the request
   * @param request the body, which is known to be a request
   */
  static Prompt of(int tokens, byte[] request) {
    var hash = new Names(tokens / KvCache.BLOCK);
    try (var parser = JsonMapper.shared().createParser(request)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        var relevant = parser.currentName().equals("messages");
        parser.nextToken();
        if (relevant) {
          hash.messages(parser);
        } else {
          parser.skipChildren();
        }
      }
    }
    return new Prompt(tokens, hash.names());
  }

  int tokens() {
    return tokens;
  }

  /** How many full blocks have a name. */
  int blocks() {
    return names.length;
  }

  long block(int i) {
    return names[i];
  }

  /** Names block after block while text passes: FNV-1a of 64 bits, its bits mixed at the end. */
  private static final class Names {
    private final long[] names;
    private int count;
    private long weight;
    private long hash = 0xcbf29ce484222325L;

    Names(int most) {
      names = new long[most];
    }

    /** Text weighs; who says it, and what else is in a message, only tells prompts apart. */
    void messages(JsonParser parser) {
      var depth = 0;
      do {
        var token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
          var name = parser.currentName();
          add(parser, "content".equals(name) || "text".equals(name));
        } else if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
          mix('\n');
        }
      } while (depth > 0 && parser.nextToken() != null);
    }

    private void add(JsonParser parser, boolean weighs) {
      var text = parser.getStringCharacters();
      var from = parser.getStringOffset();
      var end = from + parser.getStringLength();
      for (int i = from; i < end; i++) {
        mix(text[i]);
        if (weighs) {
          weight += text[i] < 0x250 ? 3 : 6;
          if (weight >= (count + 1L) * BLOCK_WEIGHT && count < names.length) {
            var mixed = (hash ^ (hash >>> 32)) * 0x9e3779b97f4a7c15L;
            names[count++] = mixed ^ (mixed >>> 29);
          }
        }
      }
      mix('\t');
    }

    private void mix(char c) {
      hash = (hash ^ c) * 0x100000001b3L;
    }

    long[] names() {
      return Arrays.copyOf(names, count);
    }
  }
}
