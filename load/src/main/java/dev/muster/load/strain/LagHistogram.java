package dev.muster.load.strain;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * Lags of one generator or of several, without loss: the sum of two is what one would have seen of
 * both. Not safe for use by several threads.
 */
public final class LagHistogram {
  private final Histogram micros;

  LagHistogram(Histogram micros) {
    this.micros = micros;
  }

  /** Without a lag. */
  public LagHistogram() {
    this(new Histogram(3));
  }

  /** As text, in the compressed form of HdrHistogram. */
  public String text() {
    var bytes = ByteBuffer.allocate(micros.getNeededByteBufferCapacity());
    int length = micros.encodeIntoCompressedByteBuffer(bytes);
    var text = new byte[length];
    bytes.get(0, text);
    return Base64.getEncoder().encodeToString(text);
  }

  /**
   * @throws IllegalArgumentException if it is no {@link #text} of one
   */
  public void add(String text) {
    try {
      var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      micros.add(Histogram.decodeFromCompressedByteBuffer(bytes, 0));
    } catch (DataFormatException | RuntimeException e) {
      throw new IllegalArgumentException("no histogram: " + e.getMessage(), e);
    }
  }

  public long count() {
    return micros.getTotalCount();
  }

  /** In milliseconds; 0 where there is none. */
  public double millis(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1000.0;
  }
}
