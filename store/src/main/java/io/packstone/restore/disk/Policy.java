package io.packstone.restore.disk;

/**
 * What to do about metadata that this process may not be able to set.
 *
 * @param owner who files belong to
 * @param acl access control lists
 * @param xattr all other extended attributes
 */
public record Policy(Rule owner, Rule acl, Rule xattr) {
    /** Tries everything. */
    public static final Policy TRY = new Policy(Rule.TRY, Rule.TRY, Rule.TRY);

    /** What to do about one kind. */
    public enum Rule {
        /** A file that can't have it is not restored. */
        REQUIRE,
        /** A file that can't have it is counted. */
        TRY,
        /** It is neither set nor counted. */
        SKIP
    }

    /** True when a file may turn out not to be restorable after its bytes are there. */
    public boolean requiresAny() {
        return owner == Rule.REQUIRE || acl == Rule.REQUIRE || xattr == Rule.REQUIRE;
    }

    /** The rule for {@code aspect}. */
    Rule of(Aspect aspect) {
        return switch (aspect) {
            case OWNER -> owner;
            case ACL -> acl;
            case USER_ATTRIBUTES, TRUSTED_ATTRIBUTES, SECURITY_ATTRIBUTES, OTHER_ATTRIBUTES -> xattr;
            case MODE, TIME, FLAGS, NODE -> Rule.TRY;
        };
    }
}
