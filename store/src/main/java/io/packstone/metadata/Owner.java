package io.packstone.metadata;

/** Who a file belongs to: numbers and, when the system knows them, names (empty when it does not). */
public record Owner(int uid, String user, int gid, String group) {}
