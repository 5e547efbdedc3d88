package dev.muster.cluster.object;

/** A range of IPv4 addresses, like {@code 10.0.0.0/8}; an address alone is a range of one. */
public record Cidr(int base, int bits) {

  public static Cidr of(String text) {
    String[] parts = text.split("/", 2);
    return new Cidr(address(parts[0]), parts.length == 1 ? 32 : Integer.parseInt(parts[1]));
  }

  public boolean holds(String address) {
    int mask = bits == 0 ? 0 : -1 << (32 - bits);
    return (address(address) & mask) == (base & mask);
  }

  private static int address(String text) {
    int value = 0;
    for (String part : text.split("\\.", 4)) {
      value = value << 8 | Integer.parseInt(part);
    }
    return value;
  }
}
