package dev.muster.lab.registry;

import dev.muster.lab.host.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Bytes whose digest was announced: at their end is an error where they have another. */
public final class VerifiedStream extends InputStream {
  private final InputStream in;
  private final MessageDigest sha = Digests.sha256();
  private final String announced;

  /**
   * @param announced hexadecimal
   */
  public VerifiedStream(InputStream in, String announced) {
    this.in = in;
    this.announced = announced;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = in.read(buffer, offset, length);
    if (count < 0) {
      verify();
    } else {
      sha.update(buffer, offset, count);
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void verify() throws IOException {
    byte[] digest;
    try {
      digest = ((MessageDigest) sha.clone()).digest(); // the end may be read twice
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
    String found = HexFormat.of().formatHex(digest);
    if (!found.equals(announced)) {
      throw new IOException(
          "the registry sent the digest sha256:%s, not sha256:%s as it announced"
              .formatted(found, announced));
    }
  }
}
