/**
 * What a power cut may leave of a repository in a directory. The model of the file system is {@code
 * backend.local.PowerCut}; here are the lives that it cuts, and what has to hold afterwards.
 */
package io.packstone.endtoend.power;
