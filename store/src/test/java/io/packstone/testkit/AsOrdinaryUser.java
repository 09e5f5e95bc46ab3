package io.packstone.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * On a test method that only tells something when permissions count: where the build runs as the superuser, who may do
 * everything, the method runs in a process of the user nobody instead.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OrdinaryUser.class)
public @interface AsOrdinaryUser {}
