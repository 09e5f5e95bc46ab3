package io.packstone.metadata;

import org.jspecify.annotations.Nullable;

/** Who a file belongs to: numbers and, when the system knows them, names (empty when it does not). */
public record Owner(int uid, String user, int gid, String group) {
    // Every file's is compared, and a record's own goes by method handles, which the first compiler calls one by one.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Owner that
                && uid == that.uid
                && gid == that.gid
                && user.equals(that.user)
                && group.equals(that.group);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * uid + gid) + user.hashCode()) + group.hashCode();
    }
}
